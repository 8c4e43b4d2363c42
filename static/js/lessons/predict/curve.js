// A prediction that is a drawn curve over the steps, beside which the measured one is drawn while the run trains.

import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { chart, line } from "../../panels/shared/chart.js";
import { draggable, titleOf } from "./drawing.js";

const COLUMNS = 40; // of the drawn curve
const KEY_SHARE = 0.05; // of the height, for one press of an arrow key
const PREDICTED = "#c2571a";

/** A field to draw in, with the pointer or the arrow keys; `value()` are COLUMNS numbers, or null. */
export function input(prediction, { store }) {
  const { low, high } = prediction;
  const canvas = h("canvas", { tabindex: 0, role: "slider", "aria-valuemin": low, "aria-valuemax": high });
  const element = h("div", { class: "predict-curve" }, canvas);
  // `column` is the selected one, `reach` the last one that was drawn.
  const drawing = { values: null, column: 0, reach: 0, chart: null };
  const show = () => {
    drawing.chart = draw(canvas, prediction, store.get(), drawing);
    describe(canvas, prediction, drawing);
  };
  listenToPointer(canvas, prediction, drawing, show);
  listenToKeys(canvas, prediction, drawing, show);
  new ResizeObserver(show).observe(element);
  return { element, value: () => drawing.values };
}

function describe(canvas, prediction, { values, column }) {
  const value = number(values?.[column] ?? middle(prediction));
  canvas.setAttribute("aria-valuenow", value);
  canvas.setAttribute("aria-valuetext",
    t("lessons.predict.curve_value", { step: integer(stepOf(prediction, column)), value }));
}

/** Draws from one column to another; behind the last drawn one the curve goes on at the same height. */
function set(drawing, { low, high }, from, to, value) {
  const end = Math.min(high, Math.max(low, value));
  drawing.values ??= new Array(COLUMNS).fill(end);
  const start = drawing.values[from];
  drawing.reach = Math.max(drawing.reach, from, to);
  drawing.column = to;
  const isBetween = (i) => i >= Math.min(from, to) && i <= Math.max(from, to);
  drawing.values = drawing.values.map((old, i) => {
    if (i === to || i > drawing.reach) return end;
    return isBetween(i) ? start + ((end - start) * (i - from)) / (to - from) : old;
  });
}

function listenToPointer(canvas, prediction, drawing, show) {
  let before = null;
  const go = (x, y, isFirst) => {
    if (!drawing.chart) return;
    const { column, value } = columnAt(drawing.chart.area, prediction, x, y);
    set(drawing, prediction, isFirst ? column : before, column, value);
    before = column;
    show();
  };
  draggable(canvas, { begin: (x, y) => go(x, y, true), move: (x, y) => go(x, y, before === null) });
}

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function listenToKeys(canvas, prediction, drawing, show) {
  canvas.addEventListener("keydown", (event) => {
    const [dx, dy] = KEYS[event.key] ?? [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    event.stopPropagation(); // the page has keys of its own
    const to = Math.min(COLUMNS - 1, Math.max(0, drawing.column + dx));
    const height = drawing.values?.[dx ? drawing.column : to] ?? middle(prediction);
    set(drawing, prediction, to, to, height + dy * KEY_SHARE * (prediction.high - prediction.low));
    show();
  });
}

/** The drawn curve, and the measured one as far as the run has come. */
export function result(prediction, values) {
  const canvas = h("canvas", { role: "img" });
  const element = h("div", { class: "predict-curve" }, canvas);
  const update = (state) => draw(canvas, prediction, state, { values, history: state.history });
  return { element, update, end: update };
}

const middle = ({ low, high }) => (low + high) / 2;
const stepOf = ({ steps }, column) => Math.round((steps * column) / (COLUMNS - 1));

function columnAt(area, { low, high }, x, y) {
  const share = Math.min(1, Math.max(0, (x - area.x) / area.width));
  const value = low + ((area.y + area.height - y) / area.height) * (high - low);
  return { column: Math.round(share * (COLUMNS - 1)), value };
}

function draw(canvas, prediction, state, { values, history }) {
  const { steps, low, high, column } = prediction;
  const measured = history && (history.columns[column] ?? history.metrics[column] ?? []);
  return chart(canvas, {
    x: { low: 0, high: steps, name: t("lessons.predict.step") },
    y: { low, high, name: titleOf(state, column) },
    colours: state.colours,
    label: measured ? t("lessons.predict.curve_result") : t("lessons.predict.draw_curve"),
    marks: (context, toX, toY, area) => {
      const xs = values?.map((value, i) => stepOf(prediction, i));
      const dash = measured ? [6, 5] : [];
      if (values) line(context, xs, values, toX, toY, { colour: PREDICTED, width: 3, dash });
      else hint(context, area, state.colours);
      if (measured) line(context, history.columns.step, measured, toX, toY, { colour: state.colours.text });
    },
  });
}

function hint(context, area, colours) {
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(t("lessons.predict.draw_here"), area.x + area.width / 2, area.y + area.height / 2);
}
