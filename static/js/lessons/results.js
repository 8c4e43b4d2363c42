// What the experiments of a lesson reached: a table, and the curves of the earlier ones, from the runs' histories.

import { h } from "../core/dom.js";
import { DASH, integer, number } from "../core/formats.js";
import { metricNames, presentKey } from "../core/history.js";
import { t } from "../core/text.js";
import { curvesOf } from "../panels/curves/curves.js";
import { curveTitle, selectedCurve } from "../panels/curves/shown.js";
import { firstStep } from "./measures.js";

const INTERVAL = 250; // ms between two updates of the table
const MAX_CURVES = 4; // of earlier experiments
const COLOURS = ["#c2571a", "#0b7fab", "#2c8a57", "#a8508f"]; // by the place in the table, repeated

/** Keeps the table up to date; `goal` is [column of the history, value], or null. */
export function followResults(store, goal) {
  store.set({ tries: { rows: [], curvesOfTries } });
  let timer = 0;
  const update = () => {
    timer = 0;
    const { tries, catalogue } = store.get();
    const table = document.getElementById("lesson-results");
    table.hidden = !tries.rows.length;
    if (!table.hidden) table.replaceChildren(tableOf(tries.rows, goal, catalogue));
  };
  store.watch((state, changed) => {
    if (!["history", "presentHistory", "tries", "catalogue"].some((key) => changed.includes(key))) return;
    const row = state.tries.rows.find(({ run }) => run === state.run?.id);
    if (row) row.history = state[presentKey(state)];
    timer ||= setTimeout(update, INTERVAL);
  });
}

/**
 * Adds the row of an experiment, whose run is now that of the page; a repeated one replaces its earlier row.
 * Rows without a step are left out.
 */
export function beginRow(store, title) {
  const { tries, run } = store.get();
  const before = tries.rows.filter((row) => row.title !== title && row.run !== run.id && lastStep(row) > 0);
  const row = { title, run: run.id, loss: run.config.loss?.name, history: store.get().history };
  store.set({ tries: { ...tries, rows: [...before, row] } });
}

/** The training curves of the earlier experiments that measure the same quantity as the shown run. */
function curvesOfTries(state) {
  const { tries, run } = state;
  const shown = selectedCurve(state);
  const isComparable = (row) =>
    row.run !== run?.id && selectedCurve({ ...state, history: row.history }) === shown
    && (shown !== "loss" || row.loss === run?.config.loss?.name);
  return tries.rows.filter(isComparable).slice(-MAX_CURVES).flatMap((row) => {
    const colour = COLOURS[tries.rows.indexOf(row) % COLOURS.length];
    return curvesOf({ ...state, history: row.history }).filter(({ part }) => part === "train")
      .map((curve) => ({ ...curve, title: row.title, colour, thin: { name: row.title } }));
  });
}

function tableOf(rows, goal, catalogue) {
  const names = ["name", "steps", goal && "goal", "loss", "score"].filter(Boolean);
  const heading = (name) => h("th", { scope: "col", text: name === "goal" ? goalText(goal) : headingText(name) });
  const cells = (row) => {
    const values = { steps: integer(lastStep(row)), goal: goal && stepsTo(row, goal), loss: lossOf(row) };
    return names.slice(1).map((name) => h("td", { text: name === "score" ? scoreOf(row, catalogue) : values[name] }));
  };
  const body = rows.map((row) => h("tr", {}, h("th", { scope: "row", text: row.title }), cells(row)));
  return h("table", { class: "numbers" }, h("thead", {}, h("tr", {}, names.map(heading))), h("tbody", {}, body));
}

const headingText = (name) => t(`lessons.results.${name}`);

function goalText([column, value]) {
  const text = number(value);
  return column === "train_loss" ? t("lessons.results.to_loss", { value: text })
    : t("lessons.results.to_score", { name: column.replace("train_", ""), value: text });
}

const lastStep = ({ history }) => history.columns.step.at(-1) ?? 0;
const lossOf = ({ history }) => number(history.columns.train_loss.findLast(Number.isFinite));

/** The first step at which the goal was reached: a smaller loss, or a score at least as large. */
function stepsTo({ history }, [column, goal]) {
  const isReached = history.columns[column] ? (value) => value < goal : (value) => value >= goal;
  const step = firstStep(history, column, isReached);
  return step === null ? t("lessons.results.not_yet") : integer(step);
}

/** The last value of the first metric: of the test part where there is one, of episodes their mean. */
function scoreOf({ history }, catalogue) {
  const [name] = metricNames(history);
  const columns = { test: `test_${name}`, train: `train_${name}`, mean: `${name}_mean` };
  for (const [part, column] of Object.entries(columns)) {
    const value = history.metrics[column]?.findLast(Number.isFinite);
    if (value === undefined) continue;
    const title = curveTitle({ catalogue, run: null }, name);
    return t("lessons.results.score_value", { value: number(value), title, part: t(`panel.curves.part.${part}`) });
  }
  return DASH;
}
