// The data points of the output map on a canvas above it, their tooltip, and the click that traces one.

import { hideTooltip } from "../../core/tooltip.js";
import { focusUnit } from "../../studio/units.js";
import { drawAxisNames } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";
import { drawPoints, nearestPoint, plottedPoints } from "../shared/points.js";
import { outputScale, taskOf } from "../shared/scales.js";

/** Redraws the points if they or any property of their drawing changed. */
export function redrawPoints(view, state, plot, area, axes, size) {
  const { frame, kind } = plot;
  const unitCurve = kind === "curve" && Boolean(focusUnit(state));
  const key = [
    state.showTest, state.shownLabel, kind === "all_outputs", size, axes.x, axes.y, unitCurve, frame.axes,
    frame.projected && frame.attempt, state.theme, devicePixelRatio,
  ].join();
  const unchanged = view.key === key && view.drawnPoints === state.points;
  if (unchanged || (state.points && state.points.run !== frame.run)) return;
  const points = unitCurve || kind === "all_outputs" ? [] : plottedPoints(state, frame);
  Object.assign(view, { key, drawnPoints: state.points, axes, points });
  fitCanvas(view.pointsCanvas, size, size);
  const context = view.pointsCanvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  const scale = taskOf(state) === "regression" ? outputScale(state, frame) : null;
  const radius = radiusOf(points.length, kind, size);
  drawPoints(context, state, points, { ...axes, scale, radius });
  context.restore();
  if (kind !== "all_outputs") drawAxisNames(context, area, frame.axes, state.colours);
}

/** The radius of the points on a map of `size` pixels. */
export function radiusOf(count, kind, size) {
  return pointRadius(count, kind) * Math.min(2, Math.max(1, size / 520));
}

function pointRadius(count, kind) {
  if (count > 1200) return 2.2;
  if (kind === "curve") return 2.6;
  return count < 10 ? 7 : count < 600 ? 3.8 : 3.4;
}

/** Hovering over a point shows its values, a click opens its trace. */
export function listenToPoints(view, store) {
  const { pointsCanvas } = view;
  const pointUnder = ({ offsetX, offsetY }) => {
    const active = view.axes && !store.get().drawing;
    return active ? nearestPoint(view.points, offsetX, offsetY, view.axes) : null;
  };
  pointsCanvas.addEventListener("pointermove", (event) => {
    if (!view.axes || store.get().drawing) return;
    view.hoveredPoint = pointUnder(event);
    if (view.hoveredPoint) showPoint(view, store, event);
    else hideTooltip();
  });
  pointsCanvas.addEventListener("pointerleave", () => hideTooltip((view.hoveredPoint = null)));
  pointsCanvas.addEventListener("click", (event) => {
    const point = pointUnder(event);
    if (!point) return;
    const { part, index } = point;
    store.set({ tracedSample: { ...store.get().tracedSample, part, index, batch: null, asked: performance.now() } });
  });
}

async function showPoint(view, store, event) {
  const point = view.hoveredPoint;
  const { showPointTooltip } = await import("./point-tooltip.js");
  if (view.hoveredPoint === point) showPointTooltip(view, store.get(), event);
}
