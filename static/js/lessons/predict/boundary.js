// A prediction that is a line drawn between the points; once the run has ended, above the measured decision line.

import { api } from "../../core/api.js";
import { RIM } from "../../core/colours.js";
import { decode } from "../../core/decoding.js";
import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { rangeOf } from "../../panels/shared/chart.js";
import { paintPale, signedImage, traceLevel } from "../../panels/shared/heat-map.js";
import { classImage } from "../../panels/shared/images.js";
import { fitCanvas } from "../../panels/shared/panel.js";
import { drawPoints, plottedPoints } from "../../panels/shared/points.js";
import { oneOfMany, outputScale } from "../../panels/shared/scales.js";
import { draggable } from "./drawing.js";

const SIZE = 260; // CSS pixels
const BORDER = 0.15; // of the range of the points, around them
const PREDICTED = "#12172a";

/** The points, between which a person draws lines; `value()` are the lines as [[x, y], ...], or null. */
export function input(prediction, { store }) {
  let lines = [];
  const canvas = h("canvas", { role: "img", "aria-label": t("lessons.predict.draw_boundary") });
  const clear = h("button", { type: "button", class: "button small", text: t("lessons.predict.clear"),
    on: { click: () => { lines = []; show(); } } });
  const show = () => {
    paint(canvas, store.get(), lines, null);
    clear.hidden = !lines.length;
  };
  const toData = (x, y) => {
    const { low, high } = range(store.get(), null);
    return [low[0] + (x / SIZE) * (high[0] - low[0]), high[1] - (y / SIZE) * (high[1] - low[1])];
  };
  draggable(canvas, {
    begin: (x, y) => { lines = [...lines, [toData(x, y)]]; },
    move: (x, y) => { lines.at(-1).push(toData(x, y)); show(); },
  });
  const stop = store.watch((state, changed) => {
    if (!canvas.isConnected) return stop();
    if (changed.includes("points") || changed.includes("theme")) show();
  });
  requestAnimationFrame(show);
  const drawn = () => lines.filter((points) => points.length > 1);
  return {
    element: h("div", { class: "predict-boundary" }, canvas,
      h("p", { text: t("lessons.predict.draw_boundary") }, clear)),
    value: () => (drawn().length ? drawn() : null),
  };
}

/** The drawn lines; once the run has ended, above the map of its outputs. */
export function result(prediction, lines) {
  const canvas = h("canvas", { role: "img", "aria-label": t("lessons.predict.boundary_result") });
  const element = h("div", { class: "predict-boundary" }, canvas,
    h("p", { text: t("lessons.predict.boundary_legend") }));
  const update = (state) => paint(canvas, state, lines, null);
  const end = async (state) =>
    paint(canvas, state, lines, decode(await api.view(state.run.id, "decision_boundary", { arrays: "typed" })));
  return { element, update, end };
}

/** The lowest and highest coordinates of the plane: those of the map, or around the points. */
function range(state, frame) {
  if (frame) return { low: [frame.x[0], frame.y[0]], high: [frame.x[1], frame.y[1]] };
  const points = plottedPoints(state, null);
  const sides = [points.map(({ x }) => x), points.map(({ y }) => y)].map((values) => {
    const [low, high] = rangeOf(values);
    return [low - BORDER * (high - low), high + BORDER * (high - low)];
  });
  return { low: sides.map(([low]) => low), high: sides.map(([, high]) => high) };
}

function paint(canvas, state, lines, frame) {
  fitCanvas(canvas, SIZE, SIZE);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, SIZE, SIZE);
  const { low, high } = range(state, frame);
  const toX = (x) => (SIZE * (x - low[0])) / (high[0] - low[0] || 1);
  const toY = (y) => SIZE - (SIZE * (y - low[1])) / (high[1] - low[1] || 1);
  if (frame) paintMap(context, state, frame);
  const points = plottedPoints(state, null);
  drawPoints(context, state, points, { toX, toY, scale: outputScale(state, frame ?? { values: [] }), radius: 3 });
  context.strokeStyle = frame ? PREDICTED : state.colours.text;
  context.lineWidth = 3;
  context.setLineDash(frame ? [7, 5] : []);
  for (const drawn of lines) {
    context.beginPath();
    for (const [x, y] of drawn) context.lineTo(toX(x), toY(y));
    context.stroke();
  }
  context.setLineDash([]);
}

function paintMap(context, state, { values, threshold }) {
  const [outputs, rows, columns] = values.shape;
  const area = { x: 0, y: 0, width: SIZE, height: SIZE };
  const image = oneOfMany(state) ? classImage("predicted", values, outputs, rows, columns)
    : signedImage("predicted", values.subarray(0, rows * columns), rows, columns, outputScale(state, { values }));
  paintPale(context, image, area);
  if (oneOfMany(state) || threshold === null || threshold === undefined) return;
  traceLevel(context, values, rows, columns, threshold, area);
  context.strokeStyle = RIM;
  context.lineWidth = 1.5;
  context.stroke();
}
