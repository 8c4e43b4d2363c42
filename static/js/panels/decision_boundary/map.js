// Draws what picture() describes: a curve, a map of values, or a map of classes, with the decision boundary.

import { drawCurve, drawResiduals } from "../shared/curve1d.js";
import { classImage, paint, signedImage, traceLevel, unitImage } from "../shared/heat-map.js";
import { placedPoints } from "../shared/points.js";
import { taskOf } from "../shared/scales.js";

export function drawMap(context, shown, area, state, axes, unit) {
  if (shown.kind === "curve") return drawCurveWithResiduals(context, shown, area, state, axes, unit);
  if (shown.kind === "probability") return state.displayModule.drawProbability(context, shown, area);
  if (shown.kind === "each") return state.displayModule.drawEach(context, shown, area, state.colours);
  const { x, y, width, height } = area;
  paint(context, mapImage(shown, state.discretise), x, y, width, height, !state.discretise);
  const hasBoundary = shown.kind === "signed" && taskOf(state) !== "regression" && !unit;
  if (hasBoundary) drawBoundary(context, shown, area);
}

function mapImage({ kind, values, outputs, rows, columns, scale, ...small }, discrete) {
  if (kind === "classes") return classImage("boundary", values, outputs, rows, columns, discrete);
  if (kind === "signed") return signedImage("boundary", values, rows, columns, scale, discrete);
  return unitImage("boundary-small", small.maps, small.unit, small.low, small.high, scale);
}

function drawCurveWithResiduals(context, shown, area, state, axes, unit) {
  drawCurve(context, shown, area, axes, state.colours);
  if (!state.residuals || unit || state.points?.run !== shown.frame.run) return;
  drawResiduals(context, shown, area, axes, placedPoints(state, shown.frame), state.colours);
}

function drawBoundary(context, { values, rows, columns, scale }, area) {
  traceLevel(context, values, rows, columns, scale.centre, area);
  context.strokeStyle = "rgba(22,26,40,.8)";
  context.lineWidth = 1.3;
  context.stroke();
}
