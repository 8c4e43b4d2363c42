// The outputs of a network over its inputs as a small picture without axes.

import { themeColours } from "../../core/colours.js";
import { drawCurve } from "./curve1d.js";
import { paint, paintPale, signedImage, traceLevel } from "./heat-map.js";
import { classImage } from "./images.js";
import { oneOfMany, outputScale } from "./scales.js";

const LINE = "#12172a"; // the maps have the same colours in both themes

/**
 * Draws `values`, a flat array of the `shape` (outputs, rows, columns): the class with the largest output, the first
 * output with its decision line, or, over one input, a curve. `state` is { run: { id, config }, catalogue }; `isPale`:
 * paler than points that are drawn on it.
 */
export function drawSmallMap(canvas, values, [outputs, rows, columns], state, threshold = null, isPale = false) {
  if (rows === 1) return drawSmallCurve(canvas, values);
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  const image = oneOfMany(state)
    ? classImage("small-map", values, outputs, rows, columns)
    : signedImage("small-map", values.subarray(0, rows * columns), rows, columns, outputScale(state, { values }));
  if (isPale) paintPale(context, image, { x: 0, y: 0, width, height });
  else paint(context, image, 0, 0, width, height);
  if (threshold === null || oneOfMany(state)) return;
  traceLevel(context, values, rows, columns, threshold, { x: 0, y: 0, width, height });
  context.strokeStyle = LINE;
  context.lineWidth = Math.max(1, Math.round(width / 120)); // one of exactly 1 pixel is drawn six times as fast as 1.2
  context.globalAlpha = 0.7;
  context.stroke();
  context.globalAlpha = 1;
}

/** One input: the output as a curve over it. */
export function drawSmallCurve(canvas, values) {
  const { width, height } = canvas;
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite, -1), Math.max(...finite, 1)];
  const toY = (value) => height * (0.9 - (0.8 * (value - low)) / (high - low));
  drawCurve(canvas.getContext("2d"), { values }, { x: 0, y: 0, width, height }, { toY }, themeColours());
}
