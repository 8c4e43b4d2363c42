// The output map of A as a twin of B's, and the map of their difference, with the same axes.

import { h, setAttribute, setText } from "../core/dom.js";
import { integer, number } from "../core/formats.js";
import { t } from "../core/text.js";
import { MARGIN } from "../panels/decision_boundary/index.js";
import { drawMap } from "../panels/decision_boundary/map.js";
import { axesOf, plotData } from "../panels/decision_boundary/plot-data.js";
import { radiusOf } from "../panels/decision_boundary/points-layer.js";
import { drawAxes, drawAxisNames } from "../panels/shared/axes.js";
import { fitCanvas } from "../panels/shared/panel.js";
import { drawPoints, plottedPoints } from "../panels/shared/points.js";
import { outputScale, taskOf } from "../panels/shared/scales.js";
import { focusUnit } from "../studio/units.js";
import { comparison, stateOfA } from "./compare.js";
import { drawDifference } from "./difference-map.js";
import { nameOfA } from "./names.js";
import { createSummary } from "./summary.js";

/** Gives the panel's body the layout with or without A; called before the map of B is measured. */
export function layoutMaps(view, state) {
  const { body } = view.shell;
  const isCompared = Boolean(state.reference && state.run);
  if (isCompared && !view.reference) view.reference = createElements(view);
  if (body.classList.contains("compared") === isCompared) return;
  body.classList.toggle("compared", isCompared);
  view.reference?.elements.forEach((element) => (element.hidden = !isCompared));
}

function createElements({ shell, stack }) {
  const caption = (area) => h("p", { class: `reference-caption area-${area}`, title: "" });
  const map = (area) => h("div", { class: `reference-map area-${area}` }, h("canvas", { role: "img" }));
  const parts = {
    captionA: caption("name-a"), boxA: map("a"), captionB: caption("name-b"),
    captionD: caption("name-d"), boxD: map("d"), summary: createSummary(shell.section),
  };
  const elements = [parts.captionA, parts.boxA, parts.captionB, parts.captionD, parts.boxD, parts.summary.element];
  stack.before(...elements.slice(0, 3));
  stack.after(...elements.slice(3));
  return { ...parts, elements, key: null }; // key, values and points: what the drawing of A shows
}

/** Draws A, the difference and the numbers beside them; called after B was drawn. */
export function drawMaps(view, state) {
  if (!state.reference || !view.reference || !state.run) return;
  const { captionA, captionB, captionD, boxA, boxD, summary } = view.reference;
  const plot = plotData(state);
  const result = comparison(state, plot);
  setText(captionA, t("reference.caption", { letter: "A", name: nameOfA(state) }));
  const name = t("reference.a.step", { step: integer(plot?.frame.step ?? state.run.step) });
  setText(captionB, t("reference.caption", { letter: "B", name }));
  setText(captionD, t("reference.name_difference"));
  drawA(view, boxA, state, plot, result.plotA);
  drawD(boxD, state, plot, result);
  summary.show(state, result);
}

/** Draws A if anything of its drawing changed: while B follows the training, A mostly stays the same. */
function drawA(view, box, state, plot, plotA) {
  if (!hasChanged(view.reference, box, state, plot, plotA)) return;
  const drawing = prepare(box, plotA);
  if (!drawing) return;
  const { context, area, size } = drawing;
  const [other, unit] = [stateOfA(state), focusUnit(state)];
  // The axes of B where both have the same; those of A else.
  const axes = axesOf(plotA.kind === "curve" && plot.kind === "curve" ? plot : plotA, area, state, unit);
  drawMap(context, plotA, area, other, axes, unit);
  const label = { step: plotA.frame.step, axes: plotA.frame.axes.join(", ") };
  setAttribute(context.canvas, "aria-label", t("reference.map_a", label));
  if (plotA.kind === "all_outputs") return;
  drawAxes(context, axes, area, state.colours);
  if (!(unit && plotA.kind === "curve")) pointsOfA(context, other, plotA, axes, area, size);
  drawAxisNames(context, area, plotA.frame.axes, state.colours);
}

function hasChanged(shown, box, state, plot, plotA) {
  const { discretise, showTest, residuals, shownLabel, theme, reference, displayModule } = state;
  const { kind, output, scale } = plotA ?? {};
  const key = [
    kind, output, scale?.centre, scale?.reach, discretise, showTest, residuals, shownLabel, Boolean(displayModule),
    theme, box.clientWidth, box.clientHeight, devicePixelRatio, plot?.frame.axes,
  ].join();
  const now = { key, values: plotA?.frame.values, points: reference.points };
  if (Object.keys(now).every((name) => shown[name] === now[name])) return false;
  Object.assign(shown, now);
  return true;
}

function pointsOfA(context, state, { frame, kind }, axes, area, size) {
  const points = plottedPoints(state, frame);
  const scale = taskOf(state) === "regression" ? outputScale(state, frame) : null;
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  drawPoints(context, state, points, { ...axes, scale, radius: radiusOf(points.length, kind, size) });
  context.restore();
}

function drawD(box, state, plot, result) {
  const drawing = prepare(box, result.difference);
  if (!drawing) return;
  drawDifference(drawing.context, drawing.area, { state, plot, ...result });
  const { reach } = result.difference.scale;
  const label = t("reference.map_difference", { low: number(-reach), high: number(reach) });
  setAttribute(drawing.context.canvas, "aria-label", label);
}

/** The canvas of a box, cleared and as large a square as fits; null without content or space. */
function prepare(box, content) {
  const canvas = box.firstElementChild;
  canvas.hidden = !content;
  const size = Math.floor(Math.min(box.clientWidth, box.clientHeight));
  if (!content || size < 40) return null;
  fitCanvas(canvas, size, size);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  const [width, height] = [size - MARGIN.left - MARGIN.right, size - MARGIN.top - MARGIN.bottom];
  return { context, size, area: { x: MARGIN.left, y: MARGIN.top, width, height } };
}

/** What "Save data" adds for A: `reference` (its step), and columns of A and of the difference in `table`. */
export function savedMaps(state, plot, table) {
  if (!state.reference) return {};
  const { plotA, difference, share = null, reason = null } = comparison(state, plot);
  const { run, attempt, step, counts } = state.reference;
  const add = (name, values, size) => {
    for (let k = 0; k * size < values.length; k++) table[`${name}_${k}`] = values.slice(k * size, (k + 1) * size);
  };
  const size = plot.rows * plot.columns;
  if (plotA?.values && !reason) add("a", Array.from(plotA.values), size);
  if (difference) add("difference", Array.from(difference.values), size);
  const counted = counts?.step === plot.frame.step ? counts.parts : null;
  const points = counted && Object.fromEntries(counted.map(({ part, count, total }) => [part, { count, total }]));
  const decisions = { share_decided_differently: share, points_decided_differently: points };
  return { reference: { run, attempt, step, ...decisions, reason } };
}
