// Which colour scale a picture gets: where its neutral lies and how far it reaches.

import { sourceOf, taskOf as taskIn } from "../../studio/problem.js";

const configOf = (state) => state.run?.config ?? state.wanted;

/** The kind of problem of the run on the page: regression, binary, multiclass, ... */
export function taskOf(state) {
  return (state.catalogue && configOf(state) && taskIn(state.catalogue, configOf(state))) ?? state.points?.task ?? "binary";
}

/** Whether the outputs share one whole: probabilities of classes, or of actions. */
export const oneOfMany = (state) => ["multiclass", "control"].includes(taskOf(state));

/** The data set of the run, or its environment, as the catalogue describes it. */
export const dataset = (state) => sourceOf(state.catalogue, configOf(state));

export function classNames(state) {
  return state.points?.classes ?? dataset(state)?.classes ?? null;
}

/** Scale of the network's output: probabilities around one half, signed outputs around zero, regression around zero. */
export function outputScale(state, frame) {
  const config = state.run?.config ?? state.wanted;
  const task = taskOf(state);
  if (task === "regression") return regressionScale(state, frame);
  const centre = frame?.threshold ?? (config?.output_activation === "tanh" || config?.loss?.name === "hinge" ? 0 : 0.5);
  const [low, high] = [frame?.low ?? (centre ? 0 : -1), frame?.high ?? 1];
  return { centre, reach: Math.max(high - centre, centre - low) };
}

function regressionScale(state, frame) {
  const targets = state.points ? [...state.points.train.targets, ...state.points.test.targets].map(first) : [];
  const reach = targets.length ? Math.max(...targets.map(Math.abs)) : extent(frame?.values ?? []);
  return { centre: 0, reach: reach || 1 };
}

export const first = (target) => (Array.isArray(target) ? target[0] : target);

/** Scale of a hidden unit: around zero as everywhere; bounded activations reach 1, others as far as they go. */
export function unitScale(low, high) {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return { centre: 0, reach: Number.isFinite(reach) && reach > 1 ? reach : 1 };
}

export function extent(values) {
  let reach = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > reach) reach = Math.abs(value);
  return reach;
}

/** Round numbers between low and high, about `count` of them. */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * magnitude >= rough) * magnitude;
  const result = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-6; value += step) result.push(Math.abs(value) < step / 1e6 ? 0 : Number(value.toPrecision(8)));
  return result;
}
