// The score by which a task is solved: test accuracy, R², or the main score of an environment.

import { integer, percent, steady } from "../core/formats.js";
import { t } from "../core/text.js";
import { sourceOf, taskOf } from "./problem.js";

const PARTS = ["test", "validation", "train"];

/** The score of a run in its measured points: {name, title}; `measured(name)` tells whether it was measured. */
export function scoreOf(catalogue, config, measured) {
  const { scores, judged } = sourceOf(catalogue, config) ?? {};
  if (scores) return { name: `${judged}_mean`, title: scores.find(({ name }) => name === judged).title };
  const metric = (catalogue && catalogue.tasks[taskOf(catalogue, config)]?.score) ?? "accuracy";
  const name = `${PARTS.find((part) => measured(`${part}_${metric}`)) ?? PARTS[0]}_${metric}`;
  return { name, title: scoreTitle(name) };
}

/** The value of a quantity at the shown step, or else the last one measured: in the bar and in the advice alike. */
export function latestValue({ run, shown, history: { columns, metrics } }, name) {
  const { latest } = shown ?? run;
  return latest?.[name] ?? latest?.metrics?.[name] ?? (columns[name] ?? metrics[name])?.at(-1);
}

/** "Test accuracy" of test_accuracy. */
export const scoreTitle = (column) => t(`studio.score.${column}`);

/** A percentage of an accuracy. A score below 1 is never shown as 1. */
export function scoreText(column, value) {
  if (column.endsWith("accuracy")) return percent(value);
  if (column.endsWith("_r2")) return value < 1 && value > 0.9995 ? ">0.999" : steady(value);
  return value >= 100 ? integer(value) : steady(value);
}
