// A unit or a line of the network under the hand: its numbers, and edits of them while it trains.

import { h, setAttribute, setText } from "../../core/dom.js";
import { createSurgery } from "../../studio/weight-edits.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { sameUnit, unitName } from "../../studio/units.js";
import { unitAt } from "../network/geometry.js";
import { pictureImage } from "../shared/heat-map.js";
import { heatMap } from "./weight-map.js";
import { drawMarks } from "./marks.js";
import { edgeAt } from "./pick.js";
import { sourcesOf, weightRows } from "./rows.js";
import { answers, edgeWords, numbersFor, partOf, unitWords } from "./descriptions.js";

const LARGE = 112; // px of a weight image

/** Takes hold of the network panel's `view`; `weights()` of what it returns opens the map of a layer's weights, `openPinned()` the pinned unit. */
export function startInspector(network, { store, actions, loop }) {
  const surgery = createSurgery(store, actions);
  const popover = h("div", { id: "inspector", class: "menu inspector", popover: "auto", role: "dialog", "aria-label": "Unit" });
  document.body.append(popover);
  const view = { network, store, actions, surgery, popover, chosen: null, rows: null, pointed: null };
  network.marks = drawMarks;
  listen(view);
  listenToKeys(view);
  loop.add([
    { name: "inspector", needs: ["view:network", "view:numbers", "parameters", "inspected", "sideBySide"], visible: () => popover.matches(":popover-open"), draw: (state) => refresh(view, state) },
    { name: "pointed", needs: ["view:network", "view:numbers"], visible: () => Boolean(view.pointed), draw: (state) => tell(view, state) },
  ]);
  store.set({ parameters: store.get().parameters ?? null, inspected: {} });
  const weights = async (layer = 0) => {
    await surgery.all();
    heatMap(store.get(), layer);
  };
  const openPinned = () => store.get().pinned?.layer >= 0 && open(view, store.get().pinned);
  return Object.assign(view, { weights, openPinned });
}

function listen(view) {
  const { network: { canvas, scroller }, store } = view;
  const under = (event) => {
    const { shape } = view.network;
    const place = [event.offsetX + scroller.scrollLeft, event.offsetY];
    const unit = shape && unitAt(shape, ...place);
    return { unit, edge: unit || !shape ? null : edgeAt(shape, ...place) };
  };
  canvas.addEventListener("click", (event) => {
    const { unit, edge } = under(event);
    const chosen = unit ?? edge;
    if (unit && !event.shiftKey && !sameUnit(unit, store.get().pinned)) return; // this click let it go
    if (chosen && chosen.layer >= 0 && !event.shiftKey) open(view, chosen);
  });
  canvas.addEventListener("pointermove", (event) => {
    const { unit, edge } = under(event);
    if (edge) canvas.style.cursor = "pointer";
    if (!sameEdge(edge, store.get().hoveredEdge)) store.set({ hoveredEdge: edge });
    view.pointed = unit || edge ? { unit, edge, clientX: event.clientX, clientY: event.clientY } : null;
    tell(view, store.get());
  });
  canvas.addEventListener("pointerleave", () => {
    view.pointed = null;
    store.set({ hoveredEdge: null });
  });
  view.popover.addEventListener("toggle", ({ newState }) => newState === "closed" && store.set({ inspected: {} }));
}

const sameEdge = (one, other) => sameUnit(one, other) && one?.source === other?.source;

/** The words under the pointer follow the network. */
function tell({ pointed }, state) {
  const text = pointed && (pointed.edge ? edgeWords(state, pointed.edge) : pointed.unit.layer >= 0 ? unitWords(state, pointed.unit) : null);
  if (text) showTooltip(pointed, text);
}

/** With the keys: the pinned unit's words stand beside it; Enter opens it, Escape closes. */
function listenToKeys(view) {
  const { popover, network: { canvas, scroller }, store } = view;
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
    if (event.key.startsWith("Arrow")) pointAt(view, pinned, canvas.getBoundingClientRect(), scroller.scrollLeft);
    if (event.key !== "Enter") return;
    event.preventDefault();
    hideTooltip();
    open(view, pinned);
    popover.querySelector("input, button")?.focus();
  });
}

function pointAt(view, unit, box, scrolled) {
  const { shape } = view.network;
  const index = shape.columns.findIndex(({ layer }) => layer === unit.layer);
  const { x, y } = shape.place(index, unit.unit);
  view.pointed = { unit, edge: null, clientX: box.left + x - scrolled + shape.columns[index].tile / 2, clientY: box.top + y };
  tell(view, view.store.get());
}

function open(view, chosen) {
  const state = view.store.get();
  const part = partOf(state, chosen.layer);
  if (!part || chosen.unit >= part.biases.length) return;
  view.chosen = { ...chosen, run: state.run.id };
  build(view, state, part);
  refresh(view, state);
  const { popover, network: { canvas, scroller, shape } } = view;
  hideTooltip();
  view.pointed = null;
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
  const sources = sourcesOf(part, layer, state.points?.features);
  const shown = source === undefined ? sources : sources.filter((each) => each.source === source);
  view.rows = weightRows(surgery.edit, { layer, unit }, shown);
  const title = source === undefined ? unitName(state, chosen) : `${unitName(state, { layer: layer - 1, unit: source })} → ${unitName(state, chosen)}`;
  view.note = h("p", { class: "aside" });
  view.answers = h("p", { class: "aside answers" });
  view.image = h("canvas", { class: "weight-image", role: "img", width: LARGE, height: LARGE, hidden: true });
  popover.ariaLabel = title;
  popover.replaceChildren(h("strong", { text: title }), view.answers, view.image, view.note, h("div", { class: "weight-rows" }, view.rows.elements), source === undefined ? unitButtons(view, state) : edgeButtons(view));
}

const button = (text, act, attributes = {}) => h("button", { type: "button", class: "chip small", on: { click: act }, ...attributes }, h("span", { text }));
const pressed = (element) => element.getAttribute("aria-pressed") === "true";

function unitButtons(view, state) {
  const { surgery, popover, actions, chosen: { layer, unit } } = view;
  const act = (action) => () => {
    surgery.edit({ units: [{ layer, unit, action }] });
    if (action === "remove" || action === "duplicate") popover.hidePopover();
  };
  const hidden = layer < state.run.config.layers.length;
  view.off = button("Switched off", () => act(pressed(view.off) ? "on" : "off")(), { "aria-pressed": "false", title: "Let it give 0, whatever comes in" });
  view.frozen = button("Frozen", () => surgery.edit({ freeze: [{ layer, unit, source: null, frozen: !pressed(view.frozen) }] }), { "aria-pressed": "false", title: "Training leaves all its weights as they are" });
  view.whole = button("Layer frozen", () => surgery.edit({ freeze: [{ layer, unit: null, source: null, frozen: !pressed(view.whole) }] }), { "aria-pressed": "false", title: "Training leaves the whole layer as it is" });
  view.kept = button("Beside others", () => actions.keep({ layer, unit }), { "aria-pressed": "false", title: "Keep its map beside others under the large picture (Shift-click)" });
  const all = button("All weights of the layer", () => {
    popover.hidePopover();
    view.weights(layer);
  }, { title: "As a map of colours" });
  return h("div", { class: "chips" }, view.kept, hidden && view.off, view.frozen, !hidden && view.whole, hidden && button("Duplicate", act("duplicate")), hidden && state.run.config.layers[layer].units > 1 && button("Remove", act("remove")), all);
}

function edgeButtons({ store, popover, chosen: { layer, unit, source } }) {
  const trace = () => {
    popover.hidePopover();
    store.set({ tracedSample: { part: "train", index: 0, batch: null, ...store.get().tracedSample, layer, unit, source, asked: performance.now() } });
  };
  return h("div", { class: "chips" }, button("Trace this weight", trace));
}

function refresh(view, state) {
  const { chosen, rows, popover } = view;
  const part = chosen && partOf(state, chosen.layer);
  if (!part || chosen.run !== state.run?.id || chosen.unit >= part.biases.length) return popover.hidePopover();
  const edited = state.parameters?.run === state.run.id ? state.parameters.layers[chosen.layer] : null;
  const held = numbersFor(state, chosen);
  rows.show(part, edited?.frozen, held);
  const [count] = part.weights.shape;
  const total = held ? held.weights.length + held.omitted_sources : count;
  setText(view.note, total > count ? `The first ${count} of its ${total} weights.` : "");
  view.note.hidden = !view.note.textContent;
  setText(view.answers, held ? answers(held).join("\n") : "");
  if (chosen.source !== undefined) return;
  showImage(view, part);
  showMarks(view, state, edited);
}

function showMarks({ chosen, off, frozen, whole, kept }, { sideBySide, run }, edited) {
  setAttribute(kept, "aria-pressed", String(sideBySide.some((each) => sameUnit(each, chosen))));
  setAttribute(off, "aria-pressed", String(Boolean(edited?.off?.includes(chosen.unit))));
  setAttribute(frozen, "aria-pressed", String(Boolean(edited?.frozen?.every((row) => row[chosen.unit])) || Boolean(run.config.layers[chosen.layer]?.frozen)));
  setAttribute(whole, "aria-pressed", String(Boolean(edited?.frozen?.every((row) => row.every(Boolean)))));
}

/** Where the inputs are an image, the weights of a first unit are one too. */
function showImage({ chosen, image }, { pictures }) {
  image.hidden = !pictures || chosen.unit >= pictures.shape[0];
  if (image.hidden) return;
  const context = image.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(pictureImage(pictures, chosen.unit), 0, 0, LARGE, LARGE);
  setAttribute(image, "aria-label", "Its weights, each in the place of its pixel: blue negative, orange positive");
}
