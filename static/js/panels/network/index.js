// The network as a graph: every unit with a map of its output and its bias, every weight as an edge.

import { h, setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { runConfig } from "../../core/store.js";
import { t } from "../../core/text.js";
import { focusUnit } from "../../studio/units.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { unitScale } from "../shared/scales.js";
import { drawColumn, drawTracedPart } from "./columns.js";
import { drawEdges } from "./edges.js";
import { geometry } from "./geometry.js";
import { listenToKeys, listenToPointer } from "./interaction.js";
import { layerControls } from "./layer-controls.js";
import { loadEditing } from "./load-editing.js";
import { scaleKey } from "./scale-key.js";

const PADDING = { top: 14, bottom: 16 }; // CSS pixels above and below the units

/** The graph and the controls of each layer above it; where the run may be edited, weights and units too. */
export function panel(section, context) {
  const { store, actions, editable } = context;
  const controls = layerControls(store, actions);
  const network = networkPanel(section, store, actions, controls);
  if (editable) loadEditing(network.view, context);
  return [network, controls];
}

/** The graph; `actions` has hover(unit), pin(unit), keep(unit); `controls` is the row of controls above it. */
function networkPanel(section, store, actions, controls) {
  const shell = panelShell(section, {
    title: t("panel.network.tab"),
    line: t("panel.network.line"),
    data: async () => (await import("./export.js")).jsonOf(store.get()["view:network"]),
    table: async () => (await import("./export.js")).weightRecords(store.get()["view:network"]),
  });
  const canvas = h("canvas", { role: "img", class: "network-canvas", tabindex: 0 });
  const drawing = h("div", { class: "network-drawing" }, canvas);
  const content = h("div", { class: "network-content" }, controls.element, drawing);
  const scroller = h("div", { class: "network-scroller" }, content);
  const key = scaleKey();
  shell.body.append(scroller, key.element);
  shell.tools.append(controls.depth);
  const view = { shell, canvas, content, scroller, key, shape: null, store };
  listenToPointer(view, actions);
  listenToKeys(view, actions);
  return { name: "network", section, moving: true, view, needs: NEEDS, draw: (state) => draw(view, state) };
}

const NEEDS = [
  "view:network", "draft", "layoutSize", runConfig, "hovered", "pinned", "theme", "networkScroll", "catalogue",
  "points", "tracePosition", "parameters", "openTabs",
];

function draw(view, state, again = false) {
  const { canvas, scroller, content, key } = view;
  const drawing = canvas.parentElement;
  const [width, height] = [scroller.clientWidth, drawing.clientHeight];
  if (width < 20 || height < 40) return;
  const shape = geometry(state, width, height, PADDING);
  view.shape = shape;
  content.style.width = `${shape.width}px`;
  markHiddenSides(scroller, shape.width - width);
  fitCanvas(canvas, width, height);
  const frame = state["view:network"];
  const network = frame && fits(frame, shape) ? frame : null;
  const edges = drawGraph(view, state, network);
  key.show(edges, network ? mapReaches(network) : []);
  setAttribute(canvas, "aria-label", describe(shape, edges));
  // The key below the drawing may have become a line higher or lower.
  if (!again && drawing.clientHeight !== height) draw(view, state, true);
}

/** Draws the whole graph; returns the scale of the weights and how many edges are left out. */
function drawGraph({ canvas, scroller, shape, marks }, state, network) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.save();
  context.translate(-scroller.scrollLeft, 0);
  const edges = network
    ? drawEdges(context, shape, network.layers, focusUnit(state))
    : { omitted: 0, scale: null };
  shape.columns.forEach((_, index) => drawColumn(context, state, shape, index, network));
  marks?.(context, state, shape, network);
  if (state.tracePosition) drawTracedPart(context, shape, state.tracePosition, state.colours);
  context.restore();
  return edges;
}

/** Whether a frame belongs to the network that is drawn: after a change the old frame stays for a short time. */
function fits({ layers }, { columns }) {
  return (
    layers.length === columns.length - 1 &&
    layers.every(({ weights }, i) => {
      const [sources, units] = weights.shape;
      const [from, to] = [columns[i], columns[i + 1]];
      return units >= to.shown && (sources >= from.shown || to.output);
    })
  );
}

const mapReaches = ({ layers }) =>
  layers
    .slice(0, -1)
    .filter((layer) => layer.maps)
    .map(({ low, high }) => unitScale(low, high).reach);

/** Fades the sides behind which the drawing continues. */
function markHiddenSides(scroller, hidden) {
  const at = scroller.scrollLeft;
  const sides = [at > 2 && "left", at < hidden - 2 && "right"].filter(Boolean).join(" ");
  setAttribute(scroller, "data-more", hidden > 2 ? sides : null);
}

function describe({ columns }, { scale }) {
  const sizes = columns.map((column) => column.total).join(", ");
  const layers = t("panel.network.layers", { count: columns.length - 2 });
  return t("panel.network.description", { layers, sizes, weight: number(scale) });
}
