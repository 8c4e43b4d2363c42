// A unit or a line of the network under the hand: its numbers, and edits of them while it trains.

import { h, setAttribute, setText } from "../dom.js";
import { number } from "../format.js";
import { createSurgery } from "../surgery.js";
import { showTooltip } from "../tooltip.js";
import { unitName } from "../units.js";
import { heatMap } from "./inspector/heatmap.js";
import { drawMarks } from "./inspector/marks.js";
import { edgeAt } from "./inspector/pick.js";
import { sourcesOf, weightRows } from "./inspector/rows.js";
import { unitAt } from "./geometry.js";

/** Takes hold of the network panel's `view`. */
export function startInspector(network, { store, actions, loop }) {
  const surgery = createSurgery(store, actions);
  const popover = h("div", { id: "inspector", class: "menu inspector", popover: "auto", role: "dialog", "aria-label": "Unit" });
  document.body.append(popover);
  const view = { network, store, actions, surgery, popover, chosen: null, rows: null };
  network.marks = drawMarks;
  listen(view);
  loop.add([{ name: "inspector", needs: ["view:network", "edited", "inspected", "view:sample_trace"], visible: () => popover.matches(":popover-open"), draw: (state) => refresh(view, state) }]);
  store.set({ edited: store.get().edited ?? null, inspected: {} });
}

function listen(view) {
  const { network: { canvas, scroller }, store } = view;
  const at = (event) => [event.offsetX + scroller.scrollLeft, event.offsetY];
  const shape = () => view.network.shape;
  canvas.addEventListener("click", (event) => {
    const unit = shape() && unitAt(shape(), ...at(event));
    const chosen = unit ?? (shape() && edgeAt(shape(), ...at(event)));
    if (chosen && chosen.layer >= 0) open(view, chosen);
  });
  canvas.addEventListener("pointermove", (event) => {
    const unit = shape() && unitAt(shape(), ...at(event));
    const edge = !unit && shape() && edgeAt(shape(), ...at(event));
    if (edge) canvas.style.cursor = "pointer";
    const text = edge ? edgeWords(store.get(), edge) : unit && traceWords(store.get(), unit);
    if (text) showTooltip(event, text);
  });
  view.popover.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    view.popover.hidePopover();
    canvas.focus();
  });
  canvas.addEventListener("keydown", (event) => {
    const { pinned } = store.get();
    if (event.key !== "Enter" || !pinned || pinned.layer < 0) return;
    event.preventDefault();
    open(view, pinned);
    view.popover.querySelector("input, button")?.focus();
  });
}

const partOf = (state, layer) => state["view:network"]?.layers.find((each, index) => (each.index ?? index) === layer);

function edgeWords(state, { layer, unit, source }) {
  const part = partOf(state, layer);
  if (!part || source >= part.weights.shape[0]) return null;
  const frozen = state.edited?.layers[layer]?.frozen?.[source]?.[unit] ? ", frozen" : "";
  return `${unitName(state, { layer: layer - 1, unit: source })} → ${unitName(state, { layer, unit })}\nweight ${number(part.weights[source * part.weights.shape[1] + unit])}${frozen}`;
}

/** With a point under trace, what the unit answers to it and how the loss depends on that. */
function traceWords(state, { layer, unit }) {
  const trace = state["view:sample_trace"];
  const part = partOf(state, layer);
  const traced = trace?.run === state.run?.id && state.tabs.middle === "trace" ? trace.layers[layer] : null;
  if (!part || !traced || unit >= traced.a.shape[1]) return null;
  return `${unitName(state, { layer, unit })}\nbias ${number(part.biases[unit])}\nfor the traced point: output ${number(traced.a[unit])}, delta ${number(traced.deltas[unit])}`;
}

function open(view, chosen) {
  const state = view.store.get();
  const part = partOf(state, chosen.layer);
  if (!part || chosen.unit >= part.biases.length) return;
  view.chosen = { ...chosen, run: state.run.id };
  build(view, state, part);
  const { popover, network: { canvas, scroller, shape } } = view;
  popover.showPopover();
  const box = canvas.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const column = shape.columns.find((each) => each.layer === chosen.layer);
  // Under the drawing, so that one sees what an edit does.
  popover.style.left = `${Math.max(8, Math.min(box.left + column.x - scroller.scrollLeft - size.width / 2, innerWidth - size.width - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(box.bottom - 8, innerHeight - size.height - 8))}px`;
  view.store.set({ inspected: { ...chosen } });
}

/** A line: that weight alone. A unit: its bias, all that comes in, and what can be done to it. */
function build(view, state, part) {
  const { chosen, popover, surgery } = view;
  const { layer, unit, source } = chosen;
  const sources = sourcesOf(part, layer, state["view:network"].inputs?.names ?? state.points?.features);
  const shown = source === undefined ? sources : sources.filter((each) => each.source === source);
  view.rows = weightRows(surgery.edit, { layer, unit }, shown);
  const title = source === undefined ? unitName(state, chosen) : `${unitName(state, { layer: layer - 1, unit: source })} → ${unitName(state, chosen)}`;
  view.note = h("p", { class: "aside" });
  popover.ariaLabel = title;
  popover.replaceChildren(h("strong", { text: title }), view.note, h("div", { class: "weight-rows" }, view.rows.elements), source === undefined ? unitButtons(view, state) : edgeButtons(view));
}

const button = (text, act, attributes = {}) => h("button", { type: "button", class: "chip small", on: { click: act }, ...attributes }, h("span", { text }));

function unitButtons(view, state) {
  const { surgery, popover, chosen: { layer, unit } } = view;
  const act = (action) => () => {
    surgery.edit({ units: [{ layer, unit, action }] });
    if (action === "remove" || action === "duplicate") popover.hidePopover();
  };
  const hidden = layer < state.run.config.layers.length;
  view.off = button("Switched off", () => act(view.off.getAttribute("aria-pressed") === "true" ? "on" : "off")(), { "aria-pressed": "false", title: "Let it give 0, whatever comes in" });
  view.frozen = button("Frozen", () => surgery.edit({ freeze: [{ layer, unit, source: null, frozen: view.frozen.getAttribute("aria-pressed") !== "true" }] }), { "aria-pressed": "false", title: "Training leaves all its weights as they are" });
  const all = button("All weights of the layer", async () => {
    popover.hidePopover();
    await surgery.all();
    heatMap(view.store.get(), layer);
  }, { title: "As a map of colours" });
  return h("div", { class: "chips" }, hidden && view.off, view.frozen, hidden && button("Duplicate", act("duplicate")), hidden && state.run.config.layers[layer].units > 1 && button("Remove", act("remove")), all);
}

function edgeButtons({ store, popover, chosen: { layer, unit, source } }) {
  const trace = () => {
    popover.hidePopover();
    store.set({ sample: { part: "train", index: 0, batch: null, ...store.get().sample, layer, unit, source, asked: performance.now() } });
  };
  return h("div", { class: "chips" }, button("Trace this weight", trace));
}

function refresh(view, state) {
  const { chosen, rows, popover, note } = view;
  const part = chosen && partOf(state, chosen.layer);
  if (!part || chosen.run !== state.run?.id || chosen.unit >= part.biases.length) return popover.hidePopover();
  const edited = state.edited?.run === state.run.id ? state.edited.layers[chosen.layer] : null;
  rows.show(part, edited?.frozen);
  const [count] = part.weights.shape;
  setText(note, chosen.layer > 0 && part.weights.shape[0] < (state.run.config.layers[chosen.layer - 1]?.units ?? 0) ? `The first ${count} of its weights.` : "");
  note.hidden = !note.textContent;
  if (chosen.source !== undefined) return;
  setAttribute(view.off, "aria-pressed", String(Boolean(edited?.off?.includes(chosen.unit))));
  setAttribute(view.frozen, "aria-pressed", String(Boolean(edited?.frozen?.every((row) => row[chosen.unit])) || Boolean(state.run.config.layers[chosen.layer]?.frozen)));
}
