// The output map: what the network, or one unit, computes over the input plane, with the data points on it.

import { h, setAttribute, setText } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { focusUnit, unitName } from "../../studio/units.js";
import { drawAxes, LARGE, shortAxis } from "../shared/axes.js";
import { legend } from "../shared/legend.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { placedPoints } from "../shared/points.js";
import { extent, oneOfMany, taskOf } from "../shared/scales.js";
import { RARE_MODES, switches } from "./display-options.js";
import { loadTools } from "./load-tools.js";
import { drawMap } from "./map.js";
import { axesOf, picture } from "./picture.js";
import { listenToPoints, redrawPoints } from "./points-layer.js";

const SURFACE_INTERVAL = 250; // ms between two drawings of a surface
const MARGIN = { left: 30 * LARGE, right: 10 * LARGE, top: 8 * LARGE, bottom: 26 * LARGE };
const diverged = (state) => state.run?.status === "diverged";

/** The panel; where the run may be edited, points can be drawn and units pinned beside it. */
export function panel(section, context) {
  const { store } = context;
  const shell = panelShell(section, {
    title: t("panel.decision_boundary.tab"),
    line: t("panel.decision_boundary.line"),
    data: async () => (await import("./export.js")).pictureColumns(picture(store.get())),
  });
  const view = createView(shell, store);
  const panel = {
    name: "decision_boundary", section, moving: true, view, needs: NEEDS,
    draw: (state) => {
      draw(view, state);
      panel.interval = view.solid ? SURFACE_INTERVAL : 0;
    },
  };
  loadRareModes(store);
  if (context.editable) loadTools(view, context);
  return panel;
}

const NEEDS = [
  "view:decision_boundary", "view:unit", "view:network", "points", "hovered", "pinned", "showTest", "discretise",
  "shownLabel", "displayMode", "displayModule", "residuals", "plotly", "theme", "catalogue", "layoutSize",
  "sideBySideCount", runConfig, runIdentity, diverged,
];

/** The elements: the map, the points on a canvas above it, notes below it, and the legend. */
function createView(shell, store) {
  const map = h("canvas", { role: "img", class: "boundary-map" });
  const over = h("canvas", { class: "boundary-points", "aria-hidden": "true" });
  const note = h("p", { class: "plot-note", hidden: true });
  const verdict = h("p", { class: "plot-verdict", hidden: true });
  const stack = h("div", { class: "boundary-stack" }, map, over, verdict);
  const scaleBar = h("div", { class: "legend" });
  shell.body.append(stack, note, scaleBar);
  shell.tools.append(...switches(store));
  const view = { shell, map, over, stack, note, verdict, scaleBar, placed: [], key: "" };
  listenToPoints(view, store);
  return view;
}

/** Loads the modes that are rarely used when one of them is chosen. */
function loadRareModes(store) {
  const undo = store.watch((state) => {
    if (state.displayMode === null || (!RARE_MODES.has(state.displayMode) && !oneOfMany(state))) return;
    undo();
    import("./outputs.js").then((displayModule) => store.set({ displayModule }));
  });
}

function draw(view, state) {
  const shown = picture(state);
  showProjection(view, shown); // before measuring, because the note takes a line
  const size = Math.floor(Math.min(view.stack.clientWidth, view.stack.clientHeight || Infinity));
  if (size < 40) return;
  const [width, height] = [size - MARGIN.left - MARGIN.right, size - MARGIN.top - MARGIN.bottom];
  const area = { x: MARGIN.left, y: MARGIN.top, width, height };
  fitCanvas(view.map, size, size);
  centre(view, size);
  showTitle(view.shell, state);
  if (!shown) return;
  const unit = focusUnit(state);
  const axes = axesOf(shown, area, state, unit);
  const context = view.map.getContext("2d");
  context.clearRect(0, 0, size, size);
  showDiverged(view, shown, state);
  if (!diverged(state)) drawMap(context, shown, area, state, axes, unit);
  if (shown.kind !== "each") drawAxes(context, axes, area, state.colours);
  redrawPoints(view, state, shown, area, axes, size);
  showSurface(view, shown, state, size);
  legend(view.scaleBar, shown, state);
  setAttribute(view.map, "aria-label", describe(shown, state));
}

function showTitle({ heading, subtitle }, state) {
  const unit = focusUnit(state);
  setText(heading, unit ? unitName(state, unit) : t("panel.decision_boundary.tab"));
  if (unit) return setText(subtitle, state.hovered ? "" : t("panel.decision_boundary.pinned"));
  const control = taskOf(state) === "control";
  setText(subtitle, control ? t("panel.decision_boundary.policy_line") : t("panel.decision_boundary.line"));
}

/** Shows the surface instead of the map, once Plotly is loaded. */
function showSurface(view, shown, state, size) {
  view.solid = Boolean(shown.solid && window.Plotly && !diverged(state));
  for (const canvas of [view.map, view.over]) canvas.hidden = view.solid;
  if (view.solid) state.displayModule.drawSurface(view.stack, shown, view.placed, { colours: state.colours, size });
  else state.displayModule?.clearSurface(view.stack);
}

/** Centres the canvases at whole pixels: half a pixel would blur every line. */
function centre({ map, over, stack }, size) {
  const box = stack.getBoundingClientRect();
  const left = `${Math.round(box.left + (box.width - size) / 2) - box.left}px`;
  const top = `${Math.round(box.top + scrollY + (box.height - size) / 2) - box.top - scrollY}px`;
  for (const canvas of [map, over]) Object.assign(canvas.style, { left, top });
}

/** Says onto which plane the points are projected, where there are more than two inputs. */
function showProjection({ note }, shown) {
  const text = shown?.frame.projected ? projectionText(shown.frame) : "";
  setText(note, text);
  note.hidden = !text;
}

function projectionText({ axes, held }) {
  const [x, y] = axes.map(shortAxis);
  if (axes[0].startsWith("principal")) return t("panel.decision_boundary.principal_plane", { x, y });
  const parts = Object.entries(held ?? {}).map(([name, value]) => `${feature(name)} ${number(value)}`);
  if (parts.length <= 4) return t("panel.decision_boundary.input_plane", { x, y, fixed: parts.join(", ") });
  const values = { x, y, fixed: parts.slice(0, 3).join(", "), count: parts.length - 3 };
  return t("panel.decision_boundary.input_plane_more", values);
}

/** After a divergence the points stay, but the map and its colours are replaced by a sentence. */
function showDiverged({ verdict, scaleBar }, { frame }, state) {
  verdict.hidden = !diverged(state);
  scaleBar.classList.toggle("meaningless", diverged(state));
  if (!diverged(state)) return;
  const reach = extent(frame.values);
  const large = t("panel.decision_boundary.diverged_at", { value: number(reach) });
  setText(verdict, reach > 10 ? large : t("panel.decision_boundary.diverged"));
}

function describe({ frame, scale }, state) {
  const unit = focusUnit(state);
  const values = {
    name: unit ? unitName(state, unit) : t("panel.decision_boundary.network_output"),
    axes: frame.axes.join(", "), step: frame.step, count: placedPoints(state, frame).length,
  };
  if (!scale) return t("panel.decision_boundary.description", values);
  const [low, high] = [number(scale.centre - scale.reach), number(scale.centre + scale.reach)];
  return t("panel.decision_boundary.description_with_scale", { ...values, low, high });
}
