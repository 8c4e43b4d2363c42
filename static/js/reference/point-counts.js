// How many points of the data A and B classify differently: `reference.counts`, for the step of B that is drawn.

import { api } from "../core/api.js";
import { taskOf } from "../panels/shared/scales.js";
import { otherData } from "./compare.js";
import { keyOf } from "./names.js";

const TASKS = ["binary", "multiclass", "multilabel", "control"];
const KEYS = ["view:decision_boundary", "reference", "points", "run"];
const PARTS = ["train", "validation", "test"];
const MAX_POINTS = 1000; // of each part
const MAX_NUMBERS = 50000; // input values of each part
const DELAY = 150; // ms, so that steps which a drag only passes are not computed
const INTERVAL = 1000; // ms between two counts while B follows the training

/** Keeps `reference.counts` up to date: {step, isLive, parts}; null until they are known or if they cannot be. */
export function followPointCounts(store) {
  const follower = { store, timer: 0, counted: [], ofA: [] };
  store.watch((_, changed) => KEYS.some((key) => changed.includes(key)) && schedule(follower));
}

function schedule(follower) {
  const state = follower.store.get();
  if (follower.timer || !isDue(follower, state)) return;
  const count = async () => {
    await update(follower);
    follower.timer = 0;
    schedule(follower);
  };
  follower.timer = setTimeout(count, isLive(state) ? INTERVAL : DELAY);
}

const isLive = ({ run, shown }) => run.status === "running" && !shown;

const placeOf = (state) => [keyOf(state.reference), state.points, state["view:decision_boundary"], state.run.status];

function isDue({ counted }, state) {
  const { reference, run, points, "view:decision_boundary": frame } = state;
  const isKnown = reference && run && points?.run === run.id && frame?.run === run.id && frame.values
    && (isLive(state) || frame.step <= run.step); // a view may arrive before the position of its step
  if (!isKnown || !TASKS.includes(taskOf(state)) || otherData(state)) return false;
  return placeOf(state).some((part, i) => part !== counted[i]);
}

async function update(follower) {
  const { store } = follower;
  const state = store.get();
  if (!isDue(follower, state)) return;
  follower.counted = placeOf(state);
  const { step } = state["view:decision_boundary"];
  const parts = await countParts(follower, state).catch(() => null); // then no sentence says how many
  const { reference } = store.get();
  if (!reference || keyOf(reference) !== follower.counted[0]) return;
  store.set({ reference: { ...reference, counts: parts && { step, isLive: isLive(state), parts } } });
}

/** Of each part that has points {part, count, total, isWhole}: how many of the first `total` differ. */
async function countParts(follower, state) {
  const { points, reference, run, "view:decision_boundary": frame } = state;
  const sample = PARTS.map((part) => firstInputs(points[part]?.inputs));
  const [a, b] = await Promise.all([
    classesOfA(follower, reference, points, sample),
    classes(run.id, isLive(state) ? {} : { step: frame.step, attempt: frame.attempt }, sample),
  ]);
  const isOther = (name, i, k) => JSON.stringify(name) !== JSON.stringify(a[k][i]);
  return PARTS.map((part, k) => ({
    part, count: b[k].filter((name, i) => isOther(name, i, k)).length, total: sample[k].length,
    isWhole: sample[k].length === points.sizes[part],
  })).filter(({ total }) => total);
}

const firstInputs = (inputs = []) =>
  inputs.slice(0, Math.min(MAX_POINTS, Math.floor(MAX_NUMBERS / Math.max(1, inputs[0]?.length ?? 1))));

/** Those of A are fetched once for the same points. */
function classesOfA(follower, reference, points, sample) {
  const key = [keyOf(reference), points];
  if (!key.every((part, i) => part === follower.ofA[i])) {
    follower.ofA = [...key, classes(reference.run, { step: reference.step, attempt: reference.attempt }, sample)];
  }
  return follower.ofA[2];
}

/** The predicted classes, labels or actions of lists of inputs, as lists of names. */
async function classes(run, at, sample) {
  const answer = await api.read(run, "predict", { inputs: sample.flat(), ...at });
  let begin = 0;
  return sample.map(({ length }) => answer.classes.slice(begin, (begin += length)));
}
