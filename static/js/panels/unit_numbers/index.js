// Numbers of units and weights of the graph: a tooltip under the pointer, and the popover that edits them.

import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { sameUnit } from "../../studio/units.js";
import { createWeightEditor } from "../../studio/weight-edits.js";
import { unitAt } from "../network/geometry.js";
import { edgeText, unitText } from "./descriptions.js";
import { drawMarks } from "./marks.js";
import { edgeAt } from "./pick.js";
import { createPopover, openPopover, refreshPopover } from "./popover.js";
import { heatMap } from "./weight-map.js";

/**
 * Adds tooltip, popover and marks to the network panel's `view`. `weights(layer)` of the returned object opens the heat
 * map of a layer's weights, `openPinned()` the popover of the pinned unit.
 */
export function startInspector(network, { store, actions, loop }) {
  const edits = createWeightEditor(store, actions);
  const popover = createPopover();
  const view = { network, store, actions, edits, popover, chosen: null, rows: null, pointed: null };
  view.weights = async (layer = 0) => {
    await edits.all();
    heatMap(store.get(), layer);
  };
  view.openPinned = () => store.get().pinned?.layer >= 0 && openPopover(view, store.get().pinned);
  network.marks = drawMarks;
  listenToPointer(view);
  listenToKeys(view);
  loop.add(jobs(view));
  store.set({ parameters: store.get().parameters ?? null, inspected: {} });
  return view;
}

/** The popover and the tooltip follow the network while it trains. */
const jobs = (view) => [
  {
    name: "inspector", needs: ["view:network", "view:numbers", "parameters", "inspected", "sideBySide"],
    visible: () => view.popover.matches(":popover-open"), draw: (state) => refreshPopover(view, state),
  },
  {
    name: "pointed", needs: ["view:network", "view:numbers"],
    visible: () => Boolean(view.pointed), draw: (state) => describePointed(view, state),
  },
];

function listenToPointer(view) {
  const { network, store } = view;
  const { canvas } = network;
  canvas.addEventListener("click", (event) => {
    const { unit, edge } = underPointer(network, event);
    const chosen = unit ?? edge;
    if (unit && !event.shiftKey && !sameUnit(unit, store.get().pinned)) return; // this click unpinned it
    if (chosen && chosen.layer >= 0 && !event.shiftKey) openPopover(view, chosen);
  });
  canvas.addEventListener("pointermove", (event) => {
    const { unit, edge } = underPointer(network, event);
    if (edge) canvas.style.cursor = "pointer";
    if (!sameEdge(edge, store.get().hoveredEdge)) store.set({ hoveredEdge: edge });
    view.pointed = unit || edge ? { unit, edge, clientX: event.clientX, clientY: event.clientY } : null;
    describePointed(view, store.get());
  });
  canvas.addEventListener("pointerleave", () => {
    view.pointed = null;
    store.set({ hoveredEdge: null });
  });
  view.popover.addEventListener("toggle", ({ newState }) => newState === "closed" && store.set({ inspected: {} }));
}

/** The unit, or else the edge, under the pointer. */
function underPointer({ shape, scroller }, { offsetX, offsetY }) {
  const x = offsetX + scroller.scrollLeft;
  const unit = shape && unitAt(shape, x, offsetY);
  return { unit, edge: unit || !shape ? null : edgeAt(shape, x, offsetY) };
}

const sameEdge = (edge, other) => sameUnit(edge, other) && edge?.source === other?.source;

function describePointed({ pointed }, state) {
  if (!pointed) return;
  const { unit, edge } = pointed;
  const text = edge ? edgeText(state, edge) : unit.layer >= 0 && unitText(state, unit);
  if (text) showTooltip(pointed, text);
}

/** With the keyboard: the tooltip follows the pinned unit, Enter opens its popover, Escape closes it. */
function listenToKeys(view) {
  const { popover, network: { canvas }, store } = view;
  popover.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    popover.hidePopover();
    canvas.focus();
  });
  canvas.addEventListener("blur", () => {
    view.pointed = null;
    hideTooltip();
  });
  canvas.addEventListener("keydown", (event) => {
    const { pinned } = store.get();
    if (!pinned || pinned.layer < 0) return;
    if (event.key.startsWith("Arrow")) pointAt(view, pinned);
    if (event.key !== "Enter") return;
    event.preventDefault();
    hideTooltip();
    openPopover(view, pinned);
    popover.querySelector("input, button")?.focus();
  });
}

/** Shows the tooltip at a unit. */
function pointAt(view, unit) {
  const { shape, canvas, scroller } = view.network;
  const index = shape.columns.findIndex(({ layer }) => layer === unit.layer);
  const { x, y } = shape.place(index, unit.unit);
  const box = canvas.getBoundingClientRect();
  const right = box.left + x - scroller.scrollLeft + shape.columns[index].tile / 2;
  view.pointed = { unit, edge: null, clientX: right, clientY: box.top + y };
  describePointed(view, view.store.get());
}
