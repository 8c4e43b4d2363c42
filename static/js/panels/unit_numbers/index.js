// The numbers of a unit or a weight of the graph: a tooltip at the pointer, and a popover to edit them.

import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { sameUnit } from "../../studio/units.js";
import { createWeightEditor } from "../../studio/weight-edits.js";
import { edgeText, unitText } from "./descriptions.js";
import { listenToDrags } from "./drag.js";
import { drawMarks } from "./marks.js";
import { underPointer } from "./pick.js";
import { createPopover, openPopover, refreshPopover } from "./popover.js";
import { canTrace, traceWeight } from "./trace.js";
import { heatMap } from "./weight-map.js";

/**
 * Adds tooltip, popover and marks to the network panel's `view`. Of the returned object, `weights(layer)` opens
 * the heat map of a layer's weights, and `openPinned()` opens the popover of the pinned unit.
 */
export function startInspector(network, { store, actions, loop }) {
  const edits = createWeightEditor(store, actions);
  const popover = createPopover();
  const view = { network, store, actions, edits, popover, selected: null, rows: null, pointerTarget: null, drag: null };
  view.weights = async (layer = 0) => {
    await edits.all();
    heatMap(store.get(), layer);
  };
  view.openPinned = () => store.get().pinned?.layer >= 0 && openPopover(view, store.get().pinned);
  network.marks = drawMarks;
  view.trace = (weight) => {
    view.pointerTarget = null;
    hideTooltip();
    traceWeight(view, weight);
  };
  listenToDrags(view);
  listenToPointer(view);
  listenToKeys(view);
  loop.add(jobs(view));
  store.set({ parameters: store.get().parameters ?? null, inspected: {} });
  return view;
}

/** Jobs of the render loop that update the popover and the tooltip during training. */
const jobs = (view) => [
  {
    name: "inspector", needs: ["view:network", "view:numbers", "parameters", "inspected", "sideBySide"],
    visible: () => view.popover.matches(":popover-open"), draw: (state) => refreshPopover(view, state),
  },
  {
    name: "pointed", needs: ["view:network", "view:numbers"],
    visible: () => Boolean(view.pointerTarget), draw: (state) => showPointerTooltip(view, state),
  },
];

function listenToPointer(view) {
  const { network, store } = view;
  const { canvas } = network;
  canvas.addEventListener("click", (event) => {
    const { unit, edge } = underPointer(network, event);
    if (edge && canTrace(store.get())) return view.trace(edge);
    const selected = unit ?? edge;
    if (unit && !event.shiftKey && !sameUnit(unit, store.get().pinned)) return; // the click unpinned it
    if (selected && selected.layer >= 0 && !event.shiftKey) openPopover(view, selected);
  });
  canvas.addEventListener("pointermove", (event) => {
    const { unit, edge } = underPointer(network, event);
    if (edge) canvas.style.cursor = "grab";
    if (!sameEdge(edge, store.get().hoveredEdge)) store.set({ hoveredEdge: edge });
    view.pointerTarget = unit || edge ? { unit, edge, clientX: event.clientX, clientY: event.clientY } : null;
    showPointerTooltip(view, store.get());
  });
  canvas.addEventListener("pointerleave", () => {
    view.pointerTarget = null;
    store.set({ hoveredEdge: null });
  });
  view.popover.addEventListener("toggle", ({ newState }) => newState === "closed" && store.set({ inspected: {} }));
}

const sameEdge = (edge, other) => sameUnit(edge, other) && edge?.source === other?.source;

function showPointerTooltip({ pointerTarget }, state) {
  if (!pointerTarget) return;
  const { unit, edge } = pointerTarget;
  const text = edge ? edgeText(state, edge) : unit.layer >= 0 && unitText(state, unit);
  if (text) showTooltip(pointerTarget, text);
}

/** Keyboard: the arrow keys move the tooltip with the pinned unit, Enter opens its popover, Escape closes it. */
function listenToKeys(view) {
  const { popover, network: { canvas }, store } = view;
  popover.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    popover.hidePopover();
    canvas.focus();
  });
  canvas.addEventListener("blur", () => {
    view.pointerTarget = null;
    hideTooltip();
  });
  canvas.addEventListener("keydown", (event) => {
    const { pinned } = store.get();
    if (!pinned || pinned.layer < 0) return;
    if (event.key.startsWith("Arrow")) showTooltipAt(view, pinned);
    if (event.key !== "Enter") return;
    event.preventDefault();
    hideTooltip();
    openPopover(view, pinned);
    popover.querySelector("input, button")?.focus();
  });
}

/** Shows the tooltip at a unit. */
function showTooltipAt(view, unit) {
  const { layout, canvas, scroller } = view.network;
  const index = layout.columns.findIndex(({ layer }) => layer === unit.layer);
  const { x, y } = layout.unitCentre(index, unit.unit);
  const box = canvas.getBoundingClientRect();
  const right = box.left + x - scroller.scrollLeft + layout.columns[index].tile / 2;
  view.pointerTarget = { unit, edge: null, clientX: right, clientY: box.top + y };
  showPointerTooltip(view, view.store.get());
}
