// The network as a graph: every unit with the map of what it computes and its bias, every weight as an edge.

import { h, setAttribute, setText } from "../../core/dom.js";
import { css, signed } from "../../core/colours.js";
import { feature, integer, number } from "../../core/formats.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { runConfig } from "../../core/store.js";
import { focusUnit, sameUnit, unitName } from "../../studio/units.js";
import { FONT, LARGE, MAX_CONDENSED, shortNames } from "../shared/axes.js";
import { GRADIENT } from "../shared/legend.js";
import { drawEdges, weightScale } from "./edges.js";
import { geometry, unitAt } from "./geometry.js";
import { layerControls } from "./layer-controls.js";
import { loadEditing } from "./load-editing.js";
import { paint, unitImage } from "../shared/heat-map.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { outputScale, taskOf, unitScale } from "../shared/scales.js";

const ROOM = { top: 14, bottom: 16 };
const LEAST_NAMED = 10 * LARGE; // CSS pixels: names of smaller squares would overlap
const LEAST_BESIDE = 45 * LARGE; // CSS pixels for a name
const LINE = 13 * LARGE;
const [EDGE, BESIDE] = [6, 4]; // CSS pixels between a name and the border, a name and its square

/** The graph and the controls of each layer above it; where the run may be edited, weights and units too. */
export function panel(section, context) {
  const { store, actions, editable } = context;
  const controls = layerControls(store, actions);
  const network = networkPanel(section, store, actions, controls);
  if (editable) loadEditing(network.view, context);
  return [network, controls];
}

/** The graph; `actions` has hover(unit), pin(unit); `controls` is the row of controls above it. */
function networkPanel(section, store, actions, controls) {
  const shell = panelShell(section, {
    title: "Network", line: "Squares are units, lines are weights",
    explain: "Data flow from left to right. A square shows the unit's output over the input plane: blue negative, orange positive. Lines are weights: orange positive, blue negative, thick large. The dot at a unit's corner is its bias. Hover a unit to see it large, click to keep it there and to edit it; Shift-click puts it beside others, to compare them.",
    data: () => exported(store.get()),
    table: () => weightsOf(store.get()["view:network"]),
  });
  const canvas = h("canvas", { role: "img", class: "network-canvas", tabindex: 0 });
  const content = h("div", { class: "network-content" }, controls.element, h("div", { class: "network-drawing" }, canvas));
  const scroller = h("div", { class: "network-scroller" }, content);
  const key = h("div", { class: "weight-key" });
  shell.body.append(scroller, key);
  shell.tools.append(controls.depth);
  const view = { shell, canvas, content, scroller, key, shape: null, store };
  listenTo(view, actions);
  return {
    name: "network", section, moving: true, view,
    needs: ["view:network", "draft", "layoutSize", runConfig, "hovered", "pinned", "theme", "networkScroll", "catalogue", "points", "tracePosition", "parameters", "openTabs"],
    draw: (state) => draw(view, state),
  };
}

function listenTo(view, actions) {
  const { canvas, scroller, store } = view;
  const under = (event) => view.shape && unitAt(view.shape, event.offsetX + scroller.scrollLeft, event.offsetY);
  canvas.addEventListener("pointermove", (event) => {
    const unit = under(event);
    actions.hover(unit);
    canvas.style.cursor = unit ? "pointer" : "";
    if (unit) showTooltip(event, unitName(store.get(), unit)); // the inspector has more to say, once it is there
    else hideTooltip();
  });
  canvas.addEventListener("pointerleave", () => {
    actions.hover(null);
    hideTooltip();
  });
  canvas.addEventListener("click", (event) => {
    const unit = under(event);
    if (unit && event.shiftKey) actions.keep(unit);
    else actions.pin(unit);
  });
  canvas.addEventListener("mousedown", (event) => {
    // A click pins; the focus, and the arrows with it, come by keyboard only.
    event.preventDefault();
    document.activeElement?.blur();
  });
  canvas.addEventListener("keydown", (event) => walk(event, view, actions));
  scroller.addEventListener("scroll", () => store.set({ networkScroll: scroller.scrollLeft }));
}

/** Arrow keys move the pinned unit while the drawing has the focus. */
function walk(event, view, actions) {
  const { shape, store } = view;
  if (event.key === "Escape") view.canvas.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
  if (across === undefined || !shape) return;
  event.preventDefault();
  event.stopPropagation();
  const { layer, unit } = store.get().pinned ?? { layer: -1, unit: -1 };
  const next = Math.min(shape.columns.length - 2, Math.max(-1, layer + across));
  const count = shape.columns[next + 1].shown;
  actions.pin({ layer: next, unit: Math.min(count - 1, Math.max(0, unit + down)) }, true);
}

function draw(view, state, again = false) {
  const { canvas, scroller, content } = view;
  const drawing = canvas.parentElement;
  const [width, height] = [scroller.clientWidth, drawing.clientHeight];
  if (width < 20 || height < 40) return;
  const shape = geometry(state, width, height, ROOM);
  view.shape = shape;
  content.style.width = `${shape.width}px`;
  sayWhatIsBeside(scroller, shape.width - width);
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const network = state["view:network"];
  const fits = network && network.layers.length === shape.columns.length - 1
    && network.layers.every((layer, i) => layer.weights.shape[1] >= shape.columns[i + 1].shown && (layer.weights.shape[0] >= shape.columns[i].shown || shape.columns[i + 1].output));
  context.save();
  context.translate(-scroller.scrollLeft, 0);
  const edges = fits ? drawEdges(context, shape, network.layers, focusUnit(state)) : { left: 0, scale: null };
  shape.columns.forEach((column, index) => drawColumn(context, state, shape, column, index, fits ? network : null));
  view.marks?.(context, state, shape, fits ? network : null);
  if (state.tracePosition) drawWhereabouts(context, shape, state.tracePosition, state.colours);
  context.restore();
  explain(view.key, edges, fits ? network.layers.slice(0, -1).filter((layer) => layer.maps).map(({ low, high }) => unitScale(low, high).reach) : []);
  setAttribute(canvas, "aria-label", describe(state, shape, edges));
  // The key under the drawing may have taken a line more or less.
  if (!again && drawing.clientHeight !== height) draw(view, state, true);
}

/** An edge behind which there is more fades. */
function sayWhatIsBeside(scroller, hidden) {
  const at = scroller.scrollLeft;
  setAttribute(scroller, "data-more", hidden > 2 ? `${at > 2 ? "left " : ""}${at < hidden - 2 ? "right" : ""}` : null);
}

/** Where the trace is: a frame around the layer, or the chosen weight as a line between two rings. */
function drawWhereabouts(context, shape, { layer, unit, source }, colours) {
  const index = shape.columns.findIndex((column) => column.layer === layer);
  const column = shape.columns[index];
  if (!column) return;
  const [first, last] = unit === undefined ? [0, column.shown - 1] : [unit, unit];
  const [half, from, to] = [column.tile / 2 + 5, shape.place(index, first), shape.place(index, last)];
  context.strokeStyle = colours.accent;
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(from.x - half, from.y - half, 2 * half, to.y - from.y + 2 * half, 8);
  if (source >= 0) {
    const start = shape.place(index - 1, source);
    const [x0, x1] = [start.x + shape.columns[index - 1].tile / 2, from.x - half];
    const bend = (x1 - x0) * 0.45;
    context.moveTo(x0, start.y);
    context.bezierCurveTo(x0 + bend, start.y, x1 - bend, from.y, x1, from.y);
  }
  context.stroke();
}

function drawColumn(context, state, shape, column, index, network) {
  const part = index === 0 ? network?.inputs : network?.layers[index - 1];
  for (let unit = 0; unit < column.shown; unit++) drawUnit(context, state, shape.place(index, unit), column, unit, part);
  if (column.layer < 0 && column.tile >= LEAST_NAMED) nameInputs(context, state, shape, column, part);
  context.fillStyle = state.colours.muted;
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "top";
  if (column.left > 0) context.fillText(`+ ${integer(column.left)} more`, column.x, shape.top + column.bottom + 6);
}

function drawUnit(context, state, { x, y }, column, unit, part) {
  const { tile } = column;
  const [left, top] = [x - tile / 2, y - tile / 2];
  const { colours } = state;
  context.fillStyle = colours.faint;
  round(context, left, top, tile);
  context.fill();
  if (part?.maps && unit < part.maps.shape[0]) drawUnitMap(context, state, column, unit, part, left, top);
  const focused = sameUnit(focusUnit(state), { layer: column.layer, unit });
  context.lineWidth = focused ? 2.5 : 1;
  context.strokeStyle = focused ? colours.strong : colours.line;
  round(context, left, top, tile);
  context.stroke();
  if (column.layer >= 0 && part?.biases && tile > 12) drawBias(context, part.biases[unit], left, top + tile, tile, colours);
}

function drawUnitMap(context, state, column, unit, part, left, top) {
  const { low, high } = part;
  const decides = column.output && taskOf(state) !== "regression";
  const scale = decides ? outputScale(state, state["view:decision_boundary"]) : unitScale(low, high);
  const image = unitImage("unit", part.maps, unit, low, high, scale);
  context.save();
  round(context, left, top, column.tile);
  context.clip();
  paint(context, image, left, top, column.tile, column.tile);
  context.restore();
}

function round(context, x, y, size) {
  context.beginPath();
  context.roundRect(x, y, size, size, Math.min(7, size / 4));
}

/** The bias as a dot at the corner: colour by sign, area by size, full at |bias| = 2. */
function drawBias(context, bias, x, y, tile, colours) {
  if (!Number.isFinite(bias)) return;
  const radius = 2.2 + Math.min(1, Math.abs(bias) / 2) * Math.min(4, tile / 9);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = css(signed(bias, { centre: 0, reach: 1 }));
  context.fill();
  context.strokeStyle = colours.edge;
  context.lineWidth = 1;
  context.stroke();
}

function nameInputs(context, state, shape, column, part) {
  const names = (part?.names ?? (state.run?.config ?? state.draft)?.features ?? []).slice(0, column.shown);
  const left = column.x - column.tile / 2;
  context.font = FONT;
  context.fillStyle = state.colours.text;
  // Where little fits beside the square but between two there is room for a line, its name goes under it.
  const between = column.shown > 1 ? column.centre(1) - column.centre(0) - column.tile : Infinity;
  const under = left < LEAST_BESIDE && between >= LINE;
  const room = under ? 2 * (column.x - EDGE) : left - EDGE - BESIDE;
  context.textAlign = under ? "center" : "right";
  context.textBaseline = under ? "top" : "middle";
  shortNames(context, names.map(feature), under ? room : room * MAX_CONDENSED).forEach((name, unit) => {
    const { y } = shape.place(0, unit);
    if (under) context.fillText(name, column.x, y + column.tile / 2 + 2);
    else context.fillText(name, left - BESIDE, y, room);
  });
}

/** The two scales of the drawing: of the weights, and of the units' maps (each layer's own where they differ). */
function explain(key, { scale, left }, reaches) {
  const text = scale ? number(scale, 2) : "";
  const [least, most] = [Math.min(...reaches), Math.max(...reaches)].map((reach) => number(reach, 2));
  const stamp = `${text}/${left}/${least}/${most}`;
  if (key.dataset.stamp === stamp) return;
  key.dataset.stamp = stamp;
  if (!key.firstChild) key.append(h("span", { class: "weight-low" }), h("i", { class: "weight-ramp", "aria-hidden": "true" }), h("span", { class: "weight-high" }), h("span", { class: "unit-low" }), h("i", { class: "unit-ramp", "aria-hidden": "true", style: { background: GRADIENT } }), h("span", { class: "unit-high" }), h("span", { class: "weight-left" }));
  setText(key.querySelector(".weight-low"), text ? `weight −${text}` : "");
  setText(key.querySelector(".weight-high"), text ? `+${text}` : "");
  key.classList.toggle("no-units", !reaches.length);
  setText(key.querySelector(".unit-low"), `unit −${least}`);
  setText(key.querySelector(".unit-high"), `+${least}${most === least ? "" : ` (up to ±${most} by layer)`}`);
  setText(key.querySelector(".weight-left"), left ? `${integer(left)} weakest weights not drawn` : "");
}

function describe(state, shape, { scale }) {
  const sizes = shape.columns.map((column) => column.total).join(", ");
  return `Network with ${shape.columns.length - 2} hidden layers; units per column: ${sizes}${scale ? `; largest weight ${number(scale)}` : ""}.`;
}

function exported(state) {
  const network = state["view:network"];
  if (!network) return {};
  return { step: network.step, largest_weight: weightScale(network.layers), layers: network.layers.map(({ weights, biases }) => ({ weights, biases })) };
}

/** A row per weight, the biases after those of their layer; layers, units and sources count from 0. */
function weightsOf(network) {
  return (network?.layers ?? []).flatMap(({ weights, biases }, layer) => [
    ...Array.from(weights, (value, i) => ({ layer, unit: i % weights.shape[1], source: Math.floor(i / weights.shape[1]), value })),
    ...Array.from(biases, (value, unit) => ({ layer, unit, source: "bias", value })),
  ]);
}
