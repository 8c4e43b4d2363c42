// Colour scales as {centre, reach, classes}: the neutral value, its distance to the saturated colours, and the two
// classes whose colours these are (null: no class), else those of negative and positive. Also ticks.

import { sourceOf, taskOf as taskIn } from "../../studio/problem.js";

const configOf = (state) => state.run?.config ?? state.draft;

/** The task of the run: regression, binary, multiclass, multilabel, reconstruction, control. */
export function taskOf(state) {
  return (
    (state.catalogue && configOf(state) && taskIn(state.catalogue, configOf(state))) ??
    state.points?.task ??
    "binary"
  );
}

/** Whether the outputs are a distribution: over classes, or over actions. */
export const oneOfMany = (state) => ["multiclass", "control"].includes(taskOf(state));

/** The catalogue entry of the data set of the run, or of its environment. */
export const dataset = (state) => sourceOf(state.catalogue, configOf(state));

/** Class indices, or rows of a table of them, in the order in which the data set shows its classes. */
export const inDisplayOrder = (state, items) => dataset(state)?.display_order?.map((index) => items[index]) ?? items;

/** The name of a class in the language of the page; that of own data is as it is. */
export function classTitle(state, name) {
  const { classes, class_titles: titles } = (state.catalogue && dataset(state)) ?? {};
  return titles?.[classes.indexOf(name)] ?? name;
}

/** The names of the classes of the run, in the language of the page; null if it has none. */
export const classNames = (state) =>
  (state.points?.classes ?? dataset(state)?.classes ?? null)?.map((name) => classTitle(state, name)) ?? null;

/** The scale of an output: around the threshold, of the probability of one class, or around 0 for regression. */
export function outputScale(state, frame, output = 0) {
  const config = state.run?.config ?? state.draft;
  const task = taskOf(state);
  if (task === "regression") return regressionScale(state, frame);
  const centre =
    frame?.threshold ?? (config?.output_activation === "tanh" || config?.loss?.name === "hinge" ? 0 : 0.5);
  const [low, high] = [frame?.low ?? (centre ? 0 : -1), frame?.high ?? 1];
  if (oneOfMany(state)) return { centre: low, reach: high - low, classes: [null, output] };
  return { centre, reach: Math.max(high - centre, centre - low), classes: [0, 1] };
}

function regressionScale(state, frame) {
  const targets = state.points ? [...state.points.train.targets, ...state.points.test.targets].map(firstValue) : [];
  const reach = targets.length ? Math.max(...targets.map(Math.abs)) : extent(frame?.values ?? []);
  return { centre: 0, reach: reach || 1 };
}

export const firstValue = (target) => (Array.isArray(target) ? target[0] : target);

/** The scale of a hidden unit: centre 0, reach at least 1. */
export function unitScale(low, high) {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return { centre: 0, reach: Number.isFinite(reach) && reach > 1 ? reach : 1 };
}

/** The largest |value| of the finite values. */
export function extent(values) {
  let reach = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > reach) reach = Math.abs(value);
  return reach;
}

/** The difference up to which two numbers may differ by rounding only: 1e-9 of the larger one. */
const resolution = (low, high) => 1e-9 * Math.max(Math.abs(low), Math.abs(high));

/** Whether the numbers from low to high differ by rounding at most. */
export const isFlat = (low, high) => high - low <= resolution(low, high);

/** Round numbers between low and high, about `count` of them; fewer where the next one would differ by rounding. */
export function ticks(low, high, count = 5) {
  const rough = Math.max((high - low) / count, resolution(low, high));
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough) * magnitude;
  const result = [];
  for (let multiple = Math.ceil(low / step - 1e-9); multiple <= high / step + 1e-6; multiple++)
    result.push(Number((multiple * step).toPrecision(8)) + 0); // + 0: there is no negative zero
  return result;
}
