// Draws the result of plotData(): a curve, a map of values, or a map of classes, with the decision boundary.

import { paintPale, signedImage, traceLevel, unitImage } from "../shared/heat-map.js";
import { taskOf } from "../shared/scales.js";

export function drawMap(context, plot, area, state, axes, unit) {
  if (plot.kind === "curve") return state.displayModule?.drawFunction(context, plot, area, state, axes, unit);
  if (plot.kind === "probability") return state.displayModule.drawProbability(context, plot, area);
  if (plot.kind === "all_outputs") return state.displayModule.drawAllOutputs(context, plot, area, state.colours);
  if (plot.kind === "classes") return state.displayModule?.drawClasses(context, plot, area, state);
  paintPale(context, mapImage(plot, state.discretise), area, !state.discretise);
  const hasBoundary = plot.kind === "signed" && taskOf(state) !== "regression" && !unit;
  if (hasBoundary) drawBoundary(context, plot, area);
}

function mapImage({ kind, values, rows, columns, scale, ...unitMap }, discrete) {
  if (kind === "signed") return signedImage("boundary", values, rows, columns, scale, discrete);
  return unitImage("boundary-small", unitMap.maps, unitMap.unit, unitMap.low, unitMap.high, scale);
}

function drawBoundary(context, { values, rows, columns, scale }, area) {
  traceLevel(context, values, rows, columns, scale.centre, area);
  context.strokeStyle = "rgba(22,26,40,.8)";
  context.lineWidth = 1.3;
  context.stroke();
}
