// The popover of a unit or a weight: its current output, its weights to edit, and commands for the unit.

import { h, setAttribute, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { hideTooltip } from "../../core/tooltip.js";
import { sameUnit, unitName } from "../../studio/units.js";
import { pictureImage } from "../shared/images.js";
import { edgeName, numbersFor, layerOf } from "./descriptions.js";
import { outputTable } from "./output-table.js";
import { sourcesOf, weightRows } from "./rows.js";
import { canTrace } from "./trace.js";

const IMAGE_SIZE = 112; // CSS pixels of a weight image
const NARROW = 700; // CSS pixels: the width of a phone
const LEAST_HEIGHT = 240; // CSS pixels of the popover below the tabs

export function createPopover() {
  const label = t("panel.unit_numbers.unit");
  const attributes = { id: "inspector", class: "menu inspector", popover: "auto", role: "dialog" };
  const popover = h("div", { ...attributes, "aria-label": label });
  document.body.append(popover);
  return popover;
}

/** Opens the popover for {layer, unit}, or {layer, unit, source} for a weight. */
export function openPopover(view, selected) {
  const state = view.store.get();
  const layerData = layerOf(state, selected.layer);
  if (!layerData || selected.unit >= layerData.biases.length) return;
  view.selected = { ...selected, run: state.run.id };
  buildContent(view, state, layerData);
  refreshPopover(view, state);
  hideTooltip();
  view.pointerTarget = null;
  view.popover.showPopover();
  positionPopover(view.popover, view.network, selected);
  view.store.set({ inspected: { ...selected } });
}

/**
 * Positions the popover below the graph and the tabs of the panel below it, so that the effect of an edit and the tabs
 * are visible; where the space is too low, at the left above the tabs, and on a phone above or below the unit.
 */
function positionPopover(popover, { canvas, scroller, layout }, { layer, unit }) {
  const box = canvas.getBoundingClientRect();
  const index = layout.columns.findIndex((other) => other.layer === layer);
  const column = layout.columns[index];
  popover.style.maxHeight = "";
  if (innerWidth <= NARROW) return besideUnit(popover, box.top + layout.unitCentre(index, unit).y, column.tile / 2 + 8);
  const size = popover.getBoundingClientRect();
  const tabs = tabsBelow(box.bottom);
  const top = tabs ? tabs.bottom + 4 : box.bottom - 8;
  const room = innerHeight - top - 8;
  const fits = room >= Math.min(size.height, LEAST_HEIGHT);
  const highest = (tabs?.top ?? innerHeight) - 16;
  popover.style.maxHeight = `${fits ? room : highest}px`;
  const left = box.left + column.x - scroller.scrollLeft - size.width / 2;
  popover.style.left = `${fits ? Math.max(8, Math.min(left, innerWidth - size.width - 8)) : 8}px`;
  popover.style.top = `${fits ? top : Math.max(8, Math.min(box.top, highest - size.height))}px`;
}

/** Above or below a unit, whose centre is at height `y`: on the side with more space. */
function besideUnit({ style, offsetHeight }, y, distance) {
  const [above, below] = [y - distance - 8, innerHeight - y - distance - 8];
  const height = Math.min(offsetHeight, Math.max(above, below));
  const top = above > below ? y - distance - height : y + distance;
  Object.assign(style, { left: "8px", maxHeight: `${height}px`, top: `${top}px` });
}

/** The rectangle of the tabs that begin below `height`, up to 100 pixels away. */
function tabsBelow(height) {
  const box = document.querySelector("[data-group=middle] .tablist")?.getBoundingClientRect();
  return box && box.bottom > height && box.top < height + 100 ? box : null;
}

/** Builds the content: one weight, or the bias and all weights of a unit with its commands. */
function buildContent(view, state, layerData) {
  const { selected, popover, edits } = view;
  const { layer, unit, source } = selected;
  const isUnit = source === undefined;
  const sources = sourcesOf(layerData, layer, state.points?.features);
  const shown = isUnit ? sources : sources.filter((entry) => entry.source === source);
  const title = isUnit ? unitName(state, selected) : edgeName(state, selected);
  view.rows = weightRows(edits.edit, { layer, unit }, shown, canTrace(state) && ((weight) => {
    popover.hidePopover();
    view.trace(weight);
  }));
  view.note = h("p", { class: "aside" });
  view.outputs = outputTable();
  view.image = h("canvas", { class: "weight-image", role: "img", width: IMAGE_SIZE, height: IMAGE_SIZE, hidden: true });
  popover.ariaLabel = title;
  popover.replaceChildren(...[
    h("strong", { text: title }), view.outputs.element, view.image, view.note,
    h("div", { class: "weight-rows" }, view.rows.elements),
    isUnit && unitCommands(view, state),
  ].filter(Boolean));
}

const chip = (text, title, click, attributes = {}) =>
  h("button", { type: "button", class: "chip small", title, on: { click }, ...attributes }, h("span", { text }));
const toggle = (text, title, click) => chip(text, title, click, { "aria-pressed": "false" });
const isPressed = (element) => element.getAttribute("aria-pressed") === "true";

function unitCommands(view, state) {
  const { actions, selected: { layer, unit } } = view;
  const hidden = layer < state.run.config.layers.length;
  const freeze = (button, target) =>
    view.edits.edit({ freeze: [{ layer, source: null, frozen: !isPressed(button), ...target }] });
  view.compared = toggle(t("panel.unit_numbers.compare.title"), t("panel.unit_numbers.compare.help"),
    () => actions.keep({ layer, unit }));
  view.disabled = toggle(t("panel.unit_numbers.disabled.title"), t("panel.unit_numbers.disabled.help"),
    () => editUnit(view, isPressed(view.disabled) ? "on" : "off"));
  view.frozen = toggle(t("panel.unit_numbers.frozen.title"), t("panel.unit_numbers.frozen.help"),
    () => freeze(view.frozen, { unit }));
  view.layerFrozen = toggle(t("panel.unit_numbers.layer_frozen.title"), t("panel.unit_numbers.layer_frozen.help"),
    () => freeze(view.layerFrozen, { unit: null }));
  return h("div", { class: "chips" },
    view.compared, hidden && view.disabled, view.frozen, !hidden && view.layerFrozen,
    hidden && sizeCommands(view, state.run.config.layers[layer].units),
    mapCommand(view));
}

/** Duplicate and remove; the popover closes because the number of units changes. */
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

function editUnit({ edits, selected: { layer, unit } }, action) {
  edits.edit({ units: [{ layer, unit, action }] });
}

function mapCommand(view) {
  const open = () => {
    view.popover.hidePopover();
    view.weights(view.selected.layer);
  };
  return chip(t("panel.unit_numbers.all_weights.title"), t("panel.unit_numbers.all_weights.help"), open);
}

/** Shows the current numbers; closes the popover if the unit no longer exists. */
export function refreshPopover(view, state) {
  const { selected, rows, popover } = view;
  const layerData = selected && layerOf(state, selected.layer);
  const exists = layerData && selected.run === state.run?.id && selected.unit < layerData.biases.length;
  if (!exists) return popover.hidePopover();
  const edited = state.parameters?.run === state.run.id ? state.parameters.layers[selected.layer] : null;
  const numbers = numbersFor(state, selected);
  rows.show(layerData, edited?.frozen, numbers);
  const [count] = layerData.weights.shape;
  const total = numbers ? numbers.weights.length + numbers.omitted_sources : count;
  setText(view.note, total > count ? t("panel.unit_numbers.first_weights", { shown: count, count: total }) : "");
  view.note.hidden = total <= count;
  view.outputs.show(numbers);
  if (selected.source !== undefined) return;
  showImage(view, layerData);
  showToggles(view, state, edited);
}

function showToggles({ selected, disabled, frozen, layerFrozen, compared }, { sideBySide, run }, edited) {
  const show = (button, on) => setAttribute(button, "aria-pressed", String(Boolean(on)));
  const isLayerFrozen = run.config.layers[selected.layer]?.frozen;
  show(compared, sideBySide.some((unit) => sameUnit(unit, selected)));
  show(disabled, edited?.off?.includes(selected.unit));
  show(frozen, edited?.frozen?.every((row) => row[selected.unit]) || isLayerFrozen);
  show(layerFrozen, edited?.frozen?.every((row) => row.every(Boolean)));
}

/** Shows the weights of a unit of the first layer as an image, for inputs that form one. */
function showImage({ selected, image }, { pictures }) {
  image.hidden = !pictures || selected.unit >= pictures.shape[0];
  if (image.hidden) return;
  const context = image.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(pictureImage(pictures, selected.unit), 0, 0, IMAGE_SIZE, IMAGE_SIZE);
  setAttribute(image, "aria-label", t("panel.unit_numbers.weight_image"));
}
