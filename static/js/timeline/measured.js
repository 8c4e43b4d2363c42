// The measured values of an earlier step, as a run has those of the newest one in `latest`, and the best point.

import { countUpTo } from "./recorded.js";

/** The values of the last measured point up to a step by name; NaN where nothing was measured. */
export function measuredAt({ columns, metrics }, step) {
  const index = countUpTo(columns.step, step) - 1;
  const values = { ...columns, ...metrics };
  return Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column[index] ?? NaN]));
}

/** The history of the points up to a step. */
export function upTo({ columns, metrics, attempt }, step) {
  const count = countUpTo(columns.step, step);
  const cut = (lists) => Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.slice(0, count)]));
  return { attempt, columns: cut(columns), metrics: cut(metrics) };
}

const known = new WeakMap(); // the best point of each history that was asked for

/** Step and score of the point with the lowest test loss, or training loss if none was tested; null without points. */
export function bestOf(history) {
  if (!known.has(history)) known.set(history, lowest(history.columns));
  return known.get(history);
}

function lowest(columns) {
  const isTested = columns.test_loss.some(Number.isFinite);
  const losses = isTested ? columns.test_loss : columns.train_loss;
  let best = -1;
  losses.forEach((loss, i) => {
    if (Number.isFinite(loss) && !(loss >= losses[best])) best = i;
  });
  return best < 0 ? null : { step: columns.step[best], score: losses[best] };
}
