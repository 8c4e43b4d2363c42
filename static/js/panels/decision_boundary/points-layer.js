// The data points of the output map on a canvas above it, and what pointer and keys do there.

import { focusUnit } from "../../studio/units.js";
import { drawAxisNames } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";
import { drawPoints, plottedPoints } from "../shared/points.js";
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

const READING = ["pointermove", "pointerleave", "click", "focusin", "focusout", "keydown"];

/** Passes the events of the map to map-reading.js, which is loaded with the first of them. */
export function listenToMap(view, store) {
  const { stack, pointsCanvas } = view;
  let reading;
  const pass = async (event) => {
    if (store.get().drawing) return;
    if (event.target === stack && event.key?.startsWith("Arrow")) {
      event.preventDefault();
      event.stopPropagation(); // the arrow keys would train
    }
    reading ??= import("./map-reading.js").then(({ createReading }) => createReading(view, store));
    (await reading)[event.type](event);
  };
  for (const type of READING) stack.addEventListener(type, pass);
  pointsCanvas.addEventListener("mousedown", (event) => {
    if (store.get().drawing) return;
    event.preventDefault(); // the focus stays where it is, so that the arrow keys go on to train
    document.activeElement?.blur();
  });
}
