// The network as a graph: every unit with a map of its output and its bias, every weight as an edge.

import { h, setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { runConfig, runWarnings } from "../../core/store.js";
import { t } from "../../core/text.js";
import { focusUnit } from "../../studio/units.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { unitScale } from "../shared/scales.js";
import { drawColumn } from "./columns.js";
import { drawEdges } from "./edges.js";
import { featureNodes } from "./feature-nodes.js";
import { graphLayout } from "./geometry.js";
import { listenToKeys, listenToPointer } from "./interaction.js";
import { layerControls } from "./layer-controls.js";
import { loadEditing } from "./load-editing.js";
import { scaleKey } from "./scale-key.js";

/** Functions (context, state, layout) of other panels that draw over the graph. */
export const overlays = [];

/** The graph with the controls of each layer above it; where the run may be edited, also the editor of weights. */
export function panel(section, context) {
  const { store, actions, editable } = context;
  const controls = layerControls(context);
  const features = editable && featureNodes(actions);
  const network = networkPanel(section, store, actions, { controls, features });
  if (editable) loadEditing(network.view, context);
  else if (document.body.dataset.readOnly) for (const part of [controls.element, ...controls.tools]) part.inert = true;
  return [controls, network]; // the height of the controls is that of what they show
}

/**
 * The graph; uses `actions.hover(unit)`, `pin(unit)`, `keep(unit)`. `controls` is the row of controls above it,
 * `features` the buttons over its inputs, or false.
 */
function networkPanel(section, store, actions, { controls, features }) {
  const shell = panelShell(section, {
    title: t("panel.network.tab"),
    line: t("panel.network.line"),
    data: async () => (await import("./export.js")).jsonOf(store.get()["view:network"]),
    table: async () => (await import("./export.js")).weightRecords(store.get()["view:network"]),
  });
  const canvas = h("canvas", { role: "img", class: "network-canvas", tabindex: 0 });
  const drawing = h("div", { class: "network-drawing" }, canvas, features.element);
  const content = h("div", { class: "network-content" }, controls.element, drawing);
  const scroller = h("div", { class: "network-scroller" }, content);
  const key = scaleKey();
  shell.body.append(scroller, key.element);
  shell.tools.append(...controls.tools);
  const view = { shell, canvas, content, scroller, key, features, layout: null, store };
  listenToPointer(view, actions);
  listenToKeys(view, actions);
  return { name: "network", section, moving: true, view, needs: NEEDS, draw: (state) => draw(view, state) };
}

const NEEDS = [
  "view:network", "draft", "schema", "layoutSize", runConfig, runWarnings, "hovered", "hoveredEdge", "pinned", "theme",
  "networkScroll", "catalogue", "points", "tracePosition", "parameters", "openTabs",
];

function draw(view, state, isRedraw = false) {
  const { shell, canvas, scroller, content, key, features } = view;
  const drawing = canvas.parentElement;
  const [width, height] = [scroller.clientWidth, drawing.clientHeight];
  if (width < 20 || height < 40) return;
  const layout = graphLayout(state, width, height, Boolean(features));
  view.layout = layout;
  if (features) features.show(shell.section, layout, state.draft?.features);
  content.style.width = `${layout.width}px`;
  markHiddenSides(scroller, layout.width - width);
  fitCanvas(canvas, width, height);
  const frame = state["view:network"];
  const network = frame && matchesLayout(frame, layout) ? frame : null;
  const edges = drawGraph(view, state, network);
  key.show(edges, network ? mapReaches(network) : []);
  setAttribute(canvas, "aria-label", describe(layout, edges));
  // The height of the key below the drawing may have changed.
  if (!isRedraw && drawing.clientHeight !== height) draw(view, state, true);
}

/** Draws the graph; returns the scale of the weights and the number of omitted edges. */
function drawGraph({ canvas, scroller, layout, marks }, state, network) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.save();
  context.translate(-scroller.scrollLeft, 0);
  const edges = network
    ? drawEdges(context, layout, network.layers, focusUnit(state))
    : { omitted: 0, scale: null };
  layout.columns.forEach((_, index) => drawColumn(context, state, layout, index, network));
  marks?.(context, state, layout, network);
  for (const draw of overlays) draw(context, state, layout);
  context.restore();
  return edges;
}

/** Whether a frame has the layers of the layout: after a change of the configuration the latest frame is outdated. */
function matchesLayout({ layers }, { columns }) {
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

/** Fades the sides at which more of the drawing can be scrolled into view. */
function markHiddenSides(scroller, hidden) {
  const { scrollLeft } = scroller;
  const sides = [scrollLeft > 2 && "left", scrollLeft < hidden - 2 && "right"].filter(Boolean).join(" ");
  setAttribute(scroller, "data-more", hidden > 2 ? sides : null);
}

function describe({ columns }, { scale }) {
  const sizes = columns.map((column) => column.total).join(", ");
  const layers = t("panel.network.layers", { count: columns.length - 2 });
  return t("panel.network.description", { layers, sizes, weight: number(scale) });
}
