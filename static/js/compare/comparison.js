// The compared runs: read once, then kept up to date by their streams, and the step at which all are shown.

import { api } from "../core/api.js";
import { append, emptyHistory, fromAnswer } from "../core/history.js";
import { follow } from "../core/live-stream.js";
import { isTraining, same } from "../core/store.js";
import { runTitle } from "../gallery/run-title.js";

const LETTERS = "ABCDEFGH";
const TIMES_MS = 1500; // between two requests for the training times of runs that train

/**
 * Opens the comparison of runs. It has `runs` ({ id, letter, title, run: the newest answer, history }), `differences`,
 * `scores`, `schemas` (one per run), `baseline` (an id),
 * `step` (the shown one), `follows` (whether that is the newest common one), and
 * - `subscribe(listener)`: called after a change, at most once in a frame of the browser;
 * - `show(step)`: shows a step of all runs; null follows the newest one; `setBaseline(id)`, `remove(id)`;
 * - `readTimes()`: reads the training times again, if there are points without any, which the streams do not send;
 * - `dropped`: the titles of the runs that were deleted.
 *
 * Runs that do not exist are left out: `missing` is their number.
 */
export async function openComparison(ids) {
  const [catalogue, { answer, missing }] = await Promise.all([api.catalogue(), readRuns(ids)]);
  const held = { listeners: new Set(), request: 0, streams: new Map() };
  const comparison = {
    catalogue, missing, runs: [], differences: [], scores: [], baseline: null, chosen: null, dropped: [],
    subscribe: (listener) => held.listeners.add(listener),
    show: (step) => set({ chosen: step }),
    setBaseline: (id) => set({ baseline: id }),
    remove: (id) => drop(held, comparison, id),
    readTimes: () => readTimes(held, comparison),
    get follows() { return comparison.chosen === null; },
    get lastStep() { return Math.max(0, ...comparison.runs.map(({ run }) => run.step)); },
    get firstStep() { return Math.min(comparison.lastStep, ...comparison.runs.map(firstOf)); },
    get step() { return comparison.chosen ?? newestCommon(comparison); },
  };
  const set = (changes) => {
    Object.assign(comparison, changes);
    changed(held);
  };
  if (answer) await take(held, comparison, answer);
  return comparison;
}

const firstOf = ({ run }) => run.parent?.step ?? 0;

/** The newest step that every run which still trains has reached; without one, the last step of all. */
function newestCommon({ runs, lastStep }) {
  const training = runs.filter(({ run }) => isTraining(run)).map(({ run }) => run.step);
  return training.length ? Math.min(...training) : lastStep;
}

/** The answer for those of the runs that exist; null if fewer than two do. */
async function readRuns(ids, missing = 0) {
  if (ids.length < 2 && missing) return { answer: null, missing };
  try {
    return { answer: await api.compare(ids), missing };
  } catch (error) {
    if (error.code !== "no_such_run") throw error;
    return readRuns(ids.filter((id) => id !== error.given), missing + 1);
  }
}

async function take(held, comparison, { runs, differences, history, scores }) {
  const { catalogue } = comparison;
  const taken = runs.map((run, i) => {
    const found = historyOf(history, i, run);
    const letter = LETTERS[i];
    return { id: run.id, letter, title: runTitle(run, catalogue), run, history: found, ...timesOf(history, i) };
  });
  const schemas = await Promise.all(runs.map(({ config }) => api.schema(config.paradigm)));
  Object.assign(comparison, { runs: taken, differences, scores, schemas, baseline: runs[0].id });
  for (const entry of taken) held.streams.set(entry.id, openStream(held, comparison, entry));
  changed(held);
}

/** The points of one run as core/history.js has them, from the common steps. */
function historyOf({ step, runs }, index, { attempt }) {
  const { metrics, ...columns } = runs[index];
  const rows = step.map((_, i) => i).filter((i) => columns.epoch[i] !== null);
  const pick = (values) => rows.map((i) => values[i]);
  const picked = (lists) => Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, pick(values)]));
  return fromAnswer({ attempt, step: pick(step), ...picked(columns), metrics: picked(metrics) });
}

/** The training times in seconds of the points of one run, null without any; `timed` is how many points it had. */
function timesOf({ runs }, index) {
  const { seconds, epoch } = runs[index];
  const isThere = (value) => value !== null;
  return { seconds: seconds?.filter(isThere) ?? null, timed: epoch.filter(isThere).length };
}

/** Reads the times once for many points: the next request comes some time after the answer. */
function readTimes(held, comparison) {
  const isMissing = ({ timed, history }) => timed < history.columns.step.length;
  if (held.timesTimer || !comparison.runs.some(isMissing)) return;
  held.timesTimer = setTimeout(async () => {
    const ids = comparison.runs.map(({ id }) => id);
    const answer = ids.length > 1 ? await api.compare(ids).catch(() => null) : null;
    held.timesTimer = 0;
    for (const [i, { id, attempt }] of (answer?.runs ?? []).entries()) {
      const entry = comparison.runs.find((other) => other.id === id);
      if (entry?.history.attempt === attempt) Object.assign(entry, timesOf(answer.history, i));
    }
    changed(held);
  }, TIMES_MS);
}

function openStream(held, comparison, { id, run }) {
  return follow(id, {
    after: run.seq ?? 0,
    onFrame: (frame) => receive(held, comparison, id, frame),
    onConnection: (name) => name === "gone" && drop(held, comparison, id, true),
  });
}

function receive(held, comparison, id, frame) {
  const entry = comparison.runs.find((other) => other.id === id);
  if (!entry) return;
  const { kind, attempt, step, epoch } = frame;
  if (kind === "reset") return readHistory(held, entry);
  if (kind === "progress") {
    entry.history = append(entry.history, attempt, frame.points);
    takeBest(comparison, entry, frame.points);
    entry.run = { ...entry.run, attempt, step, epoch, latest: null };
    const names = Object.keys(frame.points.metrics ?? {});
    if (names.some((name) => !comparison.scores.some((score) => score.name === name))) refresh(held, comparison);
  } else if (kind === "status") {
    const { status, latest, config } = frame;
    const beginning = { history: emptyHistory(attempt), seconds: [], timed: 0 };
    if (attempt > entry.history.attempt) Object.assign(entry, beginning);
    if (config && !same(config, entry.run.config)) refresh(held, comparison);
    entry.run = { ...entry.run, attempt, step, epoch, status, latest, config: config ?? entry.run.config };
  } else return;
  changed(held);
}

async function readHistory(held, entry) {
  const answer = await api.history(entry.id).catch(() => null);
  if (!answer) return;
  entry.history = fromAnswer(answer, entry.history);
  changed(held);
}

/** Reads differences and scores again: a setting changed, or a metric was measured for the first time. */
async function refresh(held, comparison) {
  if (held.isRefreshing || comparison.runs.length < 2) return;
  held.isRefreshing = true;
  const ids = comparison.runs.map(({ id }) => id);
  const answer = await api.compare(ids).catch(() => null);
  held.isRefreshing = false;
  if (!answer || !same(ids, comparison.runs.map(({ id }) => id))) return;
  comparison.differences = answer.differences;
  comparison.scores = answer.scores;
  changed(held);
}

/** The best values with those of new points. */
function takeBest({ runs, scores }, entry, points) {
  const index = runs.indexOf(entry);
  for (const score of scores) {
    const values = points[score.name] ?? points.metrics?.[score.name] ?? [];
    values.forEach((value, i) => {
      const best = score.best[index];
      const isBetter = best === null || (score.higher_is_better ? value > best.value : value < best.value);
      if (Number.isFinite(value) && isBetter) score.best[index] = { step: points.step[i], value };
    });
  }
}

/** The newest value of a loss or metric of a run, or undefined. */
export function newest({ run: { latest }, history: { columns, metrics } }, name) {
  return latest?.[name] ?? latest?.metrics?.[name] ?? (columns[name] ?? metrics[name])?.at(-1) ?? undefined;
}

/** Takes a run out of the comparison: it was deleted, or is no longer wanted. */
function drop(held, comparison, id, isDeleted = false) {
  const index = comparison.runs.findIndex((run) => run.id === id);
  if (index < 0) return;
  held.streams.get(id)?.close();
  const without = (list) => list.filter((_, i) => i !== index);
  if (isDeleted) comparison.dropped.push(comparison.runs[index].title);
  comparison.runs = without(comparison.runs);
  comparison.schemas = without(comparison.schemas);
  comparison.scores = comparison.scores.map((score) => ({
    ...score, latest: without(score.latest), best: without(score.best),
  }));
  comparison.differences = comparison.differences
    .map(({ field, values }) => ({ field, values: without(values) }))
    .filter(({ values }) => values.some((value) => !same(value, values[0])));
  if (comparison.baseline === id) comparison.baseline = comparison.runs[0]?.id ?? null;
  changed(held);
}

/** Calls the listeners with the next frame of the browser. */
function changed(held) {
  held.request ||= requestAnimationFrame(() => {
    held.request = 0;
    for (const listener of [...held.listeners]) listener();
  });
}
