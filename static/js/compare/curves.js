// The curves of all runs over each other: a loss or a metric by step, epoch or training time, on a linear or a
// logarithmic axis.

import { h, setText } from "../core/dom.js";
import { number } from "../core/formats.js";
import { same } from "../core/store.js";
import { t } from "../core/text.js";
import { themeColours } from "../core/colours.js";
import { thin } from "../core/thinning.js";
import { chart, dot, line, rangeOf } from "../panels/shared/chart.js";
import { needsLog } from "../panels/shared/log-axis.js";
import { colourOf, dashOf, letterColour } from "./colours.js";
import { newest } from "./comparison.js";
import { scoreName } from "./names.js";
import { addSection } from "./section.js";

const X = {
  step: () => t("compare.curves.x.step"), epoch: () => t("compare.curves.x.epoch"),
  seconds: () => t("compare.curves.x.seconds"),
};
const SCALES = {
  auto: () => t("compare.curves.scale.auto"), linear: () => t("compare.curves.scale.linear"),
  log: () => t("compare.curves.scale.log"),
};

export function mountCurves(comparison) {
  const select = (label, entries) => selectOf(label, entries, () => draw());
  const what = select(t("compare.curves.what"), []);
  const across = select(t("compare.curves.x.label"), named(X));
  const scale = select(t("compare.curves.scale.label"), named(SCALES));
  const canvas = h("canvas", { role: "img" });
  const box = h("div", { class: "compare-chart" }, canvas);
  const isLog = () => (scale.value === "auto"
    ? needsLog(comparison.runs.map((entry) => valuesOf(entry, what.value))) : scale.value === "log");
  const shown = () => ({ name: what.value, x: across.value, isLog: isLog() });
  const table = () => rowsOf(comparison, what.value);
  const { body, tools } = addSection("curves", t("compare.curves.title"), { table, image: true });
  tools.append(what, across, scale);
  const note = h("p", { class: "compare-note", role: "status" });
  body.append(box, note);
  let place = null;
  const draw = () => {
    offer(what, comparison);
    showTimes(note, comparison, across.value === "seconds");
    place = drawChart(canvas, comparison, shown());
  };
  canvas.addEventListener("click", ({ offsetX }) => {
    if (place && across.value === "step") comparison.show(stepAt(comparison, place, offsetX));
  });
  new ResizeObserver(draw).observe(box);
  comparison.subscribe(draw);
  return { draw };
}

const named = (table) => Object.entries(table).map(([value, text]) => [value, text()]);

function selectOf(label, entries, change) {
  const options = entries.map(([value, text]) => h("option", { value, text }));
  return h("select", { class: "select", "aria-label": label, on: { change } }, options);
}

/** With the training time as axis: reads what is missing, and says what the times are. */
function showTimes(note, comparison, isTimed) {
  if (isTimed) comparison.readTimes();
  setText(note, isTimed ? timesNote(comparison) : "");
}

/** The losses and metrics that any run has: the test loss first, or the one that is there. */
function namesOf({ runs, scores }) {
  const measured = runs.flatMap(({ history: { columns, metrics } }) => [
    ...["test_loss", "train_loss", "validation_loss"].filter((name) => columns[name].some(Number.isFinite)),
    ...Object.keys(metrics),
  ]);
  const names = [...new Set([...measured, ...scores.map(({ name }) => name)])];
  return names.length ? names : ["test_loss", "train_loss"];
}

/** Fills the choice of curves; what is chosen stays so. */
function offer(select, comparison) {
  const [names, before] = [namesOf(comparison), select.value];
  if (same(names, [...select.options].map(({ value }) => value))) return;
  select.replaceChildren(...names.map((name) => h("option", { value: name, text: scoreName(comparison, name) })));
  if (names.includes(before)) select.value = before;
}

const valuesOf = ({ history: { columns, metrics } }, name) => columns[name] ?? metrics[name] ?? [];

/** The step of the click, within the steps of the runs. */
function stepAt({ firstStep, lastStep }, { area, x }, offset) {
  const step = Math.round(x.low + ((offset - area.x) / area.width) * (x.high - x.low));
  return Math.min(lastStep, Math.max(firstStep, step));
}

function drawChart(canvas, comparison, { name, x: across, isLog }) {
  const curves = comparison.runs.map((entry) => curveOf(entry, name, across, isLog));
  const [low, high] = rangeOf(...curves.map(({ xs }) => xs));
  const [lowest, highest] = rangeOf(...curves.map(({ ys }) => ys));
  const margin = 0.05 * (highest - lowest);
  const title = scoreName(comparison, name);
  const x = { low, high, name: X[across]() };
  const y = { low: lowest - margin, high: highest + margin, name: title, log: isLog };
  const colours = themeColours();
  const marks = (context, toX, toY, area) => {
    if (across === "step") drawShown(context, toX(comparison.step), area, colours);
    for (const { entry, xs, ys } of curves) {
      line(context, xs, ys, toX, toY, { colour: colourOf(entry), width: 2, dash: dashOf(entry) });
    }
    for (const curve of curves) drawEnd(context, curve, toX, toY, colours);
  };
  const drawn = chart(canvas, { x, y, colours, marks, label: labelOf(comparison, title, name, X[across]()) });
  return drawn && { ...drawn, x };
}

function curveOf(entry, name, across, isLog) {
  const values = valuesOf(entry, name);
  const indices = thin(values, 800);
  const shown = (value) => (isLog ? (value > 0 ? Math.log10(value) : NaN) : value ?? NaN);
  return {
    entry,
    xs: indices.map((i) => placeOf(entry, across, i)),
    ys: indices.map((i) => (placeOf(entry, across, i) === undefined ? NaN : shown(values[i]))),
  };
}

/** The step, the epoch or the training time of a point; undefined where the time is not known (yet). */
const placeOf = ({ history, seconds }, across, i) => (across === "seconds" ? seconds : history.columns[across])?.[i];

/** What the times are, and which runs have none. */
function timesNote({ runs }) {
  const untimed = runs.filter(({ seconds }) => !seconds).length;
  return [t("experiment.curves.explain_seconds"), untimed && t("experiment.curves.untimed", { count: untimed })]
    .filter(Boolean).join(" ");
}

/** The line of the step at which the pictures are. */
function drawShown(context, x, area, colours) {
  context.fillStyle = colours.muted;
  context.fillRect(Math.round(x), area.y, 1, area.height);
}

/** The letter of the run at the end of its line. */
function drawEnd(context, { entry, xs, ys }, toX, toY, colours) {
  const last = ys.findLastIndex(Number.isFinite);
  if (last < 0) return;
  const [x, y] = [toX(xs[last]) - 10, toY(ys[last])];
  dot(context, x, y, 8, colourOf(entry), colours.panel);
  context.fillStyle = letterColour(entry);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(entry.letter, x, y + 0.5);
}

/** "Test loss by step: A Spiral, 8-8 0.12; B …" */
function labelOf(comparison, title, name, axis) {
  const values = comparison.runs.map((entry) =>
    t("compare.curves.value", { letter: entry.letter, run: entry.title, value: number(newest(entry, name)) }));
  return t("compare.curves.label", { title, axis, values: values.join("; ") });
}

/** One row per run and point, as it was measured. */
function rowsOf({ runs }, name) {
  return runs.flatMap((entry) => valuesOf(entry, name).map((value, i) => ({
    run: entry.id, letter: entry.letter, step: entry.history.columns.step[i], epoch: entry.history.columns.epoch[i],
    seconds: entry.seconds?.[i], [name]: value,
  })));
}
