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
  let values = null;
  let [column, reach] = [0, 0]; // the selected one, and the last one that was drawn
  const canvas = h("canvas", { tabindex: 0, role: "slider", "aria-valuemin": prediction.low, "aria-valuemax": prediction.high });
  const element = h("div", { class: "predict-curve" }, canvas);
  let drawn = null;
  const show = () => {
    drawn = draw(canvas, prediction, store.get(), { values });
    const value = values?.[column] ?? middle(prediction);
    canvas.setAttribute("aria-valuenow", number(value));
    canvas.setAttribute("aria-valuetext",
      t("lessons.predict.curve_value", { step: integer(stepOf(prediction, column)), value: number(value) }));
  };
  const set = (from, to, value) => {
    const limited = Math.min(prediction.high, Math.max(prediction.low, value));
    values ??= new Array(COLUMNS).fill(limited);
    const start = values[from];
    const isBetween = (i) => i >= Math.min(from, to) && i <= Math.max(from, to);
    const between = (i) => start + ((limited - start) * (i - from)) / (to - from || 1);
    reach = Math.max(reach, from, to);
    // The curve goes on at the height at which the drawing ends.
    values = values.map((old, i) => (i === to || i > reach ? limited : isBetween(i) ? between(i) : old));
    column = to;
    show();
  };
  const place = (x, y) => drawn && columnAt(drawn.area, prediction, x, y);
  let before = null;
  draggable(canvas, {
    begin: (x, y) => {
      const at = place(x, y);
      if (at) set(at.column, at.column, at.value);
      before = at?.column ?? null;
    },
    move: (x, y) => {
      const at = place(x, y);
      if (at && before !== null) set(before, at.column, at.value);
      before = at?.column ?? before;
    },
  });
  canvas.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    event.stopPropagation(); // the page has keys of its own
    const to = Math.min(COLUMNS - 1, Math.max(0, column + dx));
    const change = dy * KEY_SHARE * (prediction.high - prediction.low);
    set(to, to, (values?.[dx ? column : to] ?? middle(prediction)) + change);
  });
  new ResizeObserver(show).observe(element);
  return { element, value: () => values };
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
      if (values) line(context, xs, values, toX, toY, { colour: PREDICTED, width: 3, dash: measured ? [6, 5] : [] });
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
