// The popover of a unit or a weight: what it computes now, its weights to edit, and commands for the unit.

import { h, setAttribute, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { hideTooltip } from "../../core/tooltip.js";
import { sameUnit, unitName } from "../../studio/units.js";
import { pictureImage } from "../shared/heat-map.js";
import { edgeName, numbersFor, outputTexts, partOf } from "./descriptions.js";
import { sourcesOf, weightRows } from "./rows.js";

const IMAGE_SIZE = 112; // CSS pixels of a weight image

export function createPopover() {
  const label = t("panel.unit_numbers.unit");
  const attributes = { id: "inspector", class: "menu inspector", popover: "auto", role: "dialog" };
  const popover = h("div", { ...attributes, "aria-label": label });
  document.body.append(popover);
  return popover;
}

/** Opens the popover for {layer, unit}, or {layer, unit, source} for a weight. */
export function openPopover(view, chosen) {
  const state = view.store.get();
  const part = partOf(state, chosen.layer);
  if (!part || chosen.unit >= part.biases.length) return;
  view.chosen = { ...chosen, run: state.run.id };
  build(view, state, part);
  refreshPopover(view, state);
  hideTooltip();
  view.pointed = null;
  view.popover.showPopover();
  place(view.popover, view.network, chosen.layer);
  view.store.set({ inspected: { ...chosen } });
}

/** Below the graph, so that the effect of an edit is visible. */
function place(popover, { canvas, scroller, shape }, layer) {
  const box = canvas.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const column = shape.columns.find((each) => each.layer === layer);
  const left = box.left + column.x - scroller.scrollLeft - size.width / 2;
  popover.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(box.bottom - 8, innerHeight - size.height - 8))}px`;
}

/** For a weight: that weight alone. For a unit: its bias, all its weights, and the commands. */
function build(view, state, part) {
  const { chosen, popover, edits } = view;
  const { layer, unit, source } = chosen;
  const isUnit = source === undefined;
  const sources = sourcesOf(part, layer, state.points?.features);
  const shown = isUnit ? sources : sources.filter((entry) => entry.source === source);
  const title = isUnit ? unitName(state, chosen) : edgeName(state, chosen);
  view.rows = weightRows(edits.edit, { layer, unit }, shown);
  view.note = h("p", { class: "aside" });
  view.answers = h("p", { class: "aside answers" });
  view.image = h("canvas", { class: "weight-image", role: "img", width: IMAGE_SIZE, height: IMAGE_SIZE, hidden: true });
  popover.ariaLabel = title;
  popover.replaceChildren(
    h("strong", { text: title }), view.answers, view.image, view.note,
    h("div", { class: "weight-rows" }, view.rows.elements),
    isUnit ? unitCommands(view, state) : edgeCommands(view),
  );
}

const chip = (text, title, click, attributes = {}) =>
  h("button", { type: "button", class: "chip small", title, on: { click }, ...attributes }, h("span", { text }));
const toggle = (text, title, click) => chip(text, title, click, { "aria-pressed": "false" });
const isPressed = (element) => element.getAttribute("aria-pressed") === "true";

function unitCommands(view, state) {
  const { actions, chosen: { layer, unit } } = view;
  const hidden = layer < state.run.config.layers.length;
  const freeze = (button, target) =>
    view.edits.edit({ freeze: [{ layer, source: null, frozen: !isPressed(button), ...target }] });
  view.kept = toggle(t("panel.unit_numbers.compare.title"), t("panel.unit_numbers.compare.help"),
    () => actions.keep({ layer, unit }));
  view.off = toggle(t("panel.unit_numbers.disabled.title"), t("panel.unit_numbers.disabled.help"),
    () => editUnit(view, isPressed(view.off) ? "on" : "off"));
  view.frozen = toggle(t("panel.unit_numbers.frozen.title"), t("panel.unit_numbers.frozen.help"),
    () => freeze(view.frozen, { unit }));
  view.whole = toggle(t("panel.unit_numbers.layer_frozen.title"), t("panel.unit_numbers.layer_frozen.help"),
    () => freeze(view.whole, { unit: null }));
  return h("div", { class: "chips" },
    view.kept, hidden && view.off, view.frozen, !hidden && view.whole,
    hidden && sizeCommands(view, state.run.config.layers[layer].units),
    mapCommand(view));
}

/** Duplicate and remove: they change the number of units, so the popover closes. */
function sizeCommands(view, units) {
  const command = (text, action) =>
    chip(text, null, () => {
      editUnit(view, action);
      view.popover.hidePopover();
    });
  return [
    command(t("panel.unit_numbers.duplicate"), "duplicate"),
    units > 1 && command(t("panel.unit_numbers.remove"), "remove"),
  ];
}

function editUnit({ edits, chosen: { layer, unit } }, action) {
  edits.edit({ units: [{ layer, unit, action }] });
}

function mapCommand(view) {
  const open = () => {
    view.popover.hidePopover();
    view.weights(view.chosen.layer);
  };
  return chip(t("panel.unit_numbers.all_weights.title"), t("panel.unit_numbers.all_weights.help"), open);
}

function edgeCommands({ store, popover, chosen: { layer, unit, source } }) {
  const trace = () => {
    popover.hidePopover();
    const sample = { part: "train", index: 0, batch: null, ...store.get().tracedSample };
    store.set({ tracedSample: { ...sample, layer, unit, source, asked: performance.now() } });
  };
  return h("div", { class: "chips" }, chip(t("panel.unit_numbers.trace"), null, trace));
}

/** Shows the numbers of now; closes the popover if the unit is gone. */
export function refreshPopover(view, state) {
  const { chosen, rows, popover } = view;
  const part = chosen && partOf(state, chosen.layer);
  if (!part || chosen.run !== state.run?.id || chosen.unit >= part.biases.length) return popover.hidePopover();
  const edited = state.parameters?.run === state.run.id ? state.parameters.layers[chosen.layer] : null;
  const numbers = numbersFor(state, chosen);
  rows.show(part, edited?.frozen, numbers);
  const [count] = part.weights.shape;
  const total = numbers ? numbers.weights.length + numbers.omitted_sources : count;
  setText(view.note, total > count ? t("panel.unit_numbers.first_weights", { shown: count, count: total }) : "");
  view.note.hidden = total <= count;
  setText(view.answers, numbers ? outputTexts(numbers).join("\n") : "");
  if (chosen.source !== undefined) return;
  showImage(view, part);
  showToggles(view, state, edited);
}

function showToggles({ chosen, off, frozen, whole, kept }, { sideBySide, run }, edited) {
  const show = (button, on) => setAttribute(button, "aria-pressed", String(Boolean(on)));
  const layerFrozen = run.config.layers[chosen.layer]?.frozen;
  show(kept, sideBySide.some((unit) => sameUnit(unit, chosen)));
  show(off, edited?.off?.includes(chosen.unit));
  show(frozen, edited?.frozen?.every((row) => row[chosen.unit]) || layerFrozen);
  show(whole, edited?.frozen?.every((row) => row.every(Boolean)));
}

/** Where the inputs are an image, the weights of a unit of the first layer are one too. */
function showImage({ chosen, image }, { pictures }) {
  image.hidden = !pictures || chosen.unit >= pictures.shape[0];
  if (image.hidden) return;
  const context = image.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(pictureImage(pictures, chosen.unit), 0, 0, IMAGE_SIZE, IMAGE_SIZE);
  setAttribute(image, "aria-label", t("panel.unit_numbers.weight_image"));
}
