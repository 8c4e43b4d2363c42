// The output map: the output of the network, or of one unit, over the input plane, with the data points.

import { h, setAttribute, setProperty, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { load } from "../../core/loading.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { focusUnit, unitName } from "../../studio/units.js";
import { drawAxes, LARGE } from "../shared/axes.js";
import { legend } from "../shared/legend.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { plottedPoints } from "../shared/points.js";
import { oneOfMany, taskOf } from "../shared/scales.js";
import { inputCount, LAZY_MODES, switches } from "./display-options.js";
import { loadTools, once } from "./load-tools.js";
import { drawMap } from "./map.js";
import { axesOf, plotData } from "./plot-data.js";
import { listenToMap, redrawPoints } from "./points-layer.js";

const SURFACE_INTERVAL = 250; // ms between two drawings of a surface
export const MARGIN = { left: 30 * LARGE, right: 10 * LARGE, top: 8 * LARGE, bottom: 26 * LARGE };
const diverged = (state) => state.run?.status === "diverged";

/** The panel; where the run may be edited, also drawing points and pinning units. */
export function panel(section, context) {
  const { store } = context;
  const shell = panelShell(section, {
    title: t("panel.decision_boundary.tab"),
    line: t("panel.decision_boundary.line"),
    data: async () => (await import("./export.js")).plotColumns(store.get()),
  });
  const view = createView(shell, store);
  const panel = {
    name: "decision_boundary", section, moving: true, view, needs: NEEDS,
    draw: (state) => {
      state.referenceModule?.layoutMaps(view, state);
      draw(view, state);
      state.referenceModule?.drawMaps(view, state);
      panel.interval = view.isSurface ? SURFACE_INTERVAL : 0;
    },
  };
  loadParts(store, shell);
  if (!document.body.dataset.lesson) loadTools(view, context);
  return panel;
}

const NEEDS = [
  "view:decision_boundary", "view:unit", "view:network", "points", "hovered", "pinned", "showTest", "discretise",
  "shownLabel", "displayMode", "displayModule", "mapNotes", "residuals", "plotly", "theme", "catalogue", "layoutSize",
  "sideBySideCount", "reference", runConfig, runIdentity, diverged,
];

/** The elements: the map, the points on a canvas above it, notes below it, and the legend. */
function createView(shell, store) {
  const map = h("canvas", { role: "img", class: "boundary-map" });
  const pointsCanvas = h("canvas", { class: "boundary-points", "aria-hidden": "true" });
  const note = h("p", { class: "plot-note", hidden: true });
  const divergedNote = h("p", { class: "diverged-note", hidden: true });
  const label = t("panel.decision_boundary.walk");
  const attributes = { class: "boundary-stack", tabindex: 0, role: "application", "aria-label": label };
  const stack = h("div", attributes, map, pointsCanvas, divergedNote);
  const scaleBar = h("div", { class: "legend" });
  shell.body.append(stack, note, scaleBar);
  shell.tools.append(...switches(store));
  const view = { shell, map, pointsCanvas, stack, note, divergedNote, scaleBar, points: [], key: "" };
  listenToMap(view, store);
  return view;
}

/**
 * Loads the further modes with classes that exclude each other, data of one input, or when one is chosen; the sentences
 * when one applies; the button of the plane with more than two inputs.
 */
function loadParts(store, { tools }) {
  const frame = (state) => state["view:decision_boundary"];
  once(store, (state) => LAZY_MODES.has(state.displayMode) || oneOfMany(state) || frame(state)?.axes.length === 1,
    async () => store.set({ displayModule: await load(() => import("./outputs.js")) }));
  once(store, (state) => frame(state)?.projected || diverged(state),
    async () => store.set({ mapNotes: await load(() => import("./notes.js")) }));
  once(store, (state) => inputCount(state) > 2,
    async () => tools.firstChild.after((await load(() => import("./plane-button.js"))).planeButton(store)));
}

function draw(view, state) {
  const plot = plotData(state);
  // Before measuring: note and legend reduce the height of the map.
  state.mapNotes?.showNotes(view, plot, diverged(state));
  if (plot) legend(view.scaleBar, plot, state);
  const size = Math.floor(Math.min(view.stack.clientWidth, view.stack.clientHeight || Infinity));
  if (size < 40) return;
  const [width, height] = [size - MARGIN.left - MARGIN.right, size - MARGIN.top - MARGIN.bottom];
  const area = { x: MARGIN.left, y: MARGIN.top, width, height };
  fitCanvas(view.map, size, size);
  centre(view, size);
  showTitle(view.shell, state);
  if (!plot) return;
  const unit = focusUnit(state);
  const axes = axesOf(plot, area, state, unit);
  const context = view.map.getContext("2d");
  context.clearRect(0, 0, size, size);
  if (!diverged(state)) drawMap(context, plot, area, state, axes, unit);
  if (plot.kind !== "all_outputs") drawAxes(context, axes, area, state.colours);
  redrawPoints(view, state, plot, area, axes, size);
  showSurface(view, plot, state, size);
  setAttribute(view.map, "aria-label", describe(plot, state));
}

function showTitle({ heading, subtitle }, state) {
  const unit = focusUnit(state);
  setText(heading, unit ? unitName(state, unit) : t("panel.decision_boundary.tab"));
  if (unit) return setText(subtitle, state.hovered ? "" : t("panel.decision_boundary.pinned"));
  const control = taskOf(state) === "control";
  setText(subtitle, control ? t("panel.decision_boundary.policy_line") : t("panel.decision_boundary.line"));
}

/** Shows the surface instead of the map, once Plotly is loaded. */
function showSurface(view, plot, state, size) {
  view.isSurface = Boolean(plot.isSurface && window.Plotly && !diverged(state));
  for (const canvas of [view.map, view.pointsCanvas]) setProperty(canvas, "hidden", view.isSurface);
  if (view.isSurface) state.displayModule.drawSurface(view.stack, plot, view.points, { colours: state.colours, size });
  else state.displayModule?.clearSurface(view.stack);
}

/** Centres the canvases at integer pixels: fractions would blur every line. */
function centre({ map, pointsCanvas, stack }, size) {
  const box = stack.getBoundingClientRect();
  const left = `${Math.round(box.left + (box.width - size) / 2) - box.left}px`;
  const top = `${Math.round(box.top + scrollY + (box.height - size) / 2) - box.top - scrollY}px`;
  for (const canvas of [map, pointsCanvas]) Object.assign(canvas.style, { left, top });
}

function describe({ frame, scale }, state) {
  const unit = focusUnit(state);
  const values = {
    name: unit ? unitName(state, unit) : t("panel.decision_boundary.network_output"),
    axes: frame.axes.join(", "), step: frame.step, count: plottedPoints(state, frame).length,
  };
  if (!scale) return t("panel.decision_boundary.description", values);
  const [low, high] = [number(scale.centre - scale.reach), number(scale.centre + scale.reach)];
  return t("panel.decision_boundary.description_with_scale", { ...values, low, high });
}
