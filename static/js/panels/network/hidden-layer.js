// The controls above one hidden layer: its units, its activation, and the buttons that open its other settings.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { getPath } from "../../core/store.js";
import { t } from "../../core/text.js";
import { showError } from "../../studio/form/controls.js";
import { activationOptions, unitsFrom } from "./layer-inputs.js";
import { FINGER, LARGE, PRESENT } from "../shared/axes.js";

// CSS pixels: narrower columns show a button in place of the choice of the activation, and in those that are narrower
// still, and for a finger, it stands for all controls.
const MIN_COLUMN_WIDTH = PRESENT ? 160 : FINGER ? 146 : 116 * LARGE; // for a finger three controls of 44
const MIN_UNITS_WIDTH = PRESENT || FINGER ? Infinity : 84 * LARGE;

/** A labelled column of controls; `position(horizontal, index)` puts it above the column of the graph. */
export function controlColumn(name, ...children) {
  const element = h("div", { class: "layer-control", role: "group", "aria-label": name }, children);
  const position = (horizontal, index) => {
    element.style.left = `${horizontal.centre(index) - horizontal.pitch / 2}px`;
    element.style.width = `${horizontal.pitch}px`;
    element.classList.toggle("narrow", horizontal.pitch < MIN_COLUMN_WIDTH);
    element.classList.toggle("medium", horizontal.pitch < MIN_COLUMN_WIDTH && horizontal.pitch >= MIN_UNITS_WIDTH);
  };
  return { element, position };
}

export function hiddenColumn(index, catalogue, context) {
  const layer = index + 1;
  const units = unitsControl(index, context);
  const select = activationControl(index, catalogue, context);
  const settings = layerSettings(index, catalogue, context);
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const row = h("div", { class: "activation-row" }, select, settings.button);
  const name = t("panel.network.layer.title", { layer });
  const { element, position } = controlColumn(name, units.element, row, settings.compact, error);
  const refresh = (state, horizontal, column) => {
    position(horizontal, column);
    const { units: size, activation } = state.draft.layers[index];
    if (document.activeElement !== units.input) units.input.value = size;
    select.value = activation;
    showLayerError(error, units.input, state, index);
    settings.refresh(state);
  };
  return { element, refresh };
}

function unitsControl(index, { store, change }) {
  const layer = index + 1;
  const set = (units) => change(`layers.${index}.units`, units, true);
  const current = () => store.get().draft.layers[index].units;
  const input = h("input", {
    type: "text", inputmode: "numeric", class: "units-number", autocomplete: "off",
    "aria-label": t("panel.network.layer.units", { layer }), on: { change: () => set(unitsFrom(input.value)) },
  });
  const element = h("div", { class: "units" },
    iconButton("minus", t("panel.network.layer.fewer", { layer }), () => set(Math.max(1, current() - 1))),
    input,
    iconButton("plus", t("panel.network.layer.more", { layer }), () => set(current() + 1)));
  return { element, input };
}

function activationControl(index, catalogue, { change }) {
  const field = `layers.${index}.activation`;
  const select = h("select", {
    class: "select small", "aria-label": t("panel.network.layer.activation", { layer: index + 1 }),
    "data-field": field, on: { change: () => change(field, select.value, true) },
  }, activationOptions(catalogue, "hidden"));
  return select;
}

/** Shows the first validation error of the layer below its controls. */
function showLayerError(element, input, { errors, run }, index) {
  const path = `layers.${index}`;
  const isOfLayer = ([field]) => field === path || field.startsWith(`${path}.`);
  const [field, reason] = Object.entries(errors).find(isOfLayer) ?? [];
  showError(element, reason, field, field && run?.config && getPath(run.config, field));
  setAttribute(input, "aria-invalid", reason ? "true" : null);
}

/** `button` opens the popover; `compact` replaces all controls in narrow columns and opens it too. */
function layerSettings(index, catalogue, context) {
  const layer = index + 1;
  const label = t("panel.network.layer.settings", { layer });
  let popover = null;
  const open = async () => {
    if (popover) return; // the attribute popovertarget opens it after the first click
    const id = `layer-details-${index}`;
    popover = (await load(() => import("./layer-settings.js"))).settingsPopover(id, index, catalogue, context);
    popover.refresh(context.store.get());
    // After the one button whose parent is displayed in columns of every width.
    popover.open(compact, () => (compact.offsetParent ? compact : button));
    button.setAttribute("popovertarget", id);
  };
  const button = iconButton("gear", label, open);
  const compact = h("button", { type: "button", class: "layer-compact", on: { click: open } }, h("strong"), h("small"));
  const refresh = (state) => {
    const config = state.draft.layers[index];
    popover?.refresh(state);
    showCompact(compact, config, layer, catalogue);
    button.classList.toggle("marked", Boolean(config.frozen) || config.dropout > 0);
    setAttribute(button, "title", settingsSummary(config, layer) ?? label);
  };
  return { button, compact, refresh };
}

function showCompact(compact, { units, activation }, layer, catalogue) {
  const title = catalogue.activations.find(({ name }) => name === activation)?.title ?? activation;
  setText(compact.firstChild, String(units));
  setText(compact.lastChild, title);
  setAttribute(compact, "aria-label", t("panel.network.layer.compact", { layer, count: units, activation: title }));
}

/** The settings of a layer that differ from the defaults, or null. */
function settingsSummary({ dropout, frozen }, layer) {
  const settings = [
    dropout > 0 && t("panel.network.layer.with_dropout", { value: dropout }),
    frozen && t("panel.network.layer.is_frozen"),
  ].filter(Boolean);
  return settings.length ? t("panel.network.layer.summary", { layer, settings: settings.join(", ") }) : null;
}
