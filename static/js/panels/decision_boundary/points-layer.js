// The data points above the output map: a canvas of their own, their tooltip, and the click that traces one.

import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { focusUnit } from "../../studio/units.js";
import { nameAxes } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";
import { drawPoints, nearest, placedPoints } from "../shared/points.js";
import { classNames, outputScale, taskOf } from "../shared/scales.js";

const MAX_INPUTS = 4; // in the tooltip

/** Redraws the points only where they, or the way in which they are shown, changed. */
export function redrawPoints(view, state, shown, area, axes, size) {
  const { frame, kind } = shown;
  const unitCurve = kind === "curve" && Boolean(focusUnit(state));
  const key = [
    state.showTest, state.shownLabel, kind === "each", size, axes.x, axes.y, unitCurve, frame.axes,
    frame.projected && frame.attempt, state.theme, devicePixelRatio,
  ].join();
  const unchanged = view.key === key && view.drawn === state.points;
  if (unchanged || (state.points && state.points.run !== frame.run)) return;
  const placed = unitCurve || kind === "each" ? [] : placedPoints(state, frame);
  Object.assign(view, { key, drawn: state.points, axes, placed });
  fitCanvas(view.over, size, size);
  const context = view.over.getContext("2d");
  context.clearRect(0, 0, size, size);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  const scale = taskOf(state) === "regression" ? outputScale(state, frame) : null;
  const radius = pointRadius(placed.length, kind) * Math.min(2, Math.max(1, size / 520));
  drawPoints(context, state, placed, { ...axes, scale, radius });
  context.restore();
  if (kind !== "each") nameAxes(context, area, frame.axes, state.colours);
}

function pointRadius(count, kind) {
  if (count > 1200) return 2.2;
  if (kind === "curve") return 2.6;
  return count < 10 ? 7 : 3.4;
}

/** Hovering shows a point's values, a click asks for its trace. */
export function listenToPoints(view, store) {
  const { over } = view;
  const pointUnder = ({ offsetX, offsetY }) => {
    const active = view.axes && !store.get().drawing;
    return active ? nearest(view.placed, offsetX, offsetY, view.axes) : null;
  };
  over.addEventListener("pointermove", (event) => {
    if (!view.axes || store.get().drawing) return;
    view.pointed = pointUnder(event);
    if (view.pointed) showPoint(view, store.get(), event);
    else hideTooltip();
  });
  over.addEventListener("pointerleave", () => hideTooltip((view.pointed = null)));
  over.addEventListener("click", (event) => {
    const point = pointUnder(event);
    if (!point) return;
    const { part, index } = point;
    store.set({ tracedSample: { ...store.get().tracedSample, part, index, batch: null, asked: performance.now() } });
  });
}

async function showPoint(view, state, event) {
  const point = view.pointed;
  const { inputs: names, image } = state.points;
  const input = (value, i) => `${feature(names?.[i] ?? `x${i + 1}`)} ${number(value)}`;
  const target = targetText(state, point.target);
  const title = t(`panel.decision_boundary.point.${point.part}`, { target });
  showTooltip(event, `${title}\n${point.inputs.slice(0, MAX_INPUTS).map(input).join(", ")}`);
  if (!image) return;
  const { showImageTooltip } = await import("../shared/pixels.js");
  if (view.pointed === point) showImageTooltip(event, point, target, image);
}

function targetText(state, target) {
  const names = classNames(state);
  const values = [target].flat();
  if (values.length > 1) {
    const labels = values.map((on, i) => (on ? names?.[i] ?? i : null)).filter((name) => name !== null);
    return labels.join(" + ") || t("panel.shared.no_label");
  }
  if (taskOf(state) === "regression") return t("panel.decision_boundary.value", { value: number(values[0]) });
  return t("panel.decision_boundary.class", { name: names?.[values[0]] ?? values[0] });
}
