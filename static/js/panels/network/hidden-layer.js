// The controls above one hidden layer: its units, its activation, and the popover with its other settings.

import { h, iconButton, setAttribute } from "../../core/dom.js";
import { getPath } from "../../core/store.js";
import { t } from "../../core/text.js";
import { showError } from "../../studio/form/controls.js";
import { LARGE } from "../shared/axes.js";
import { activationOptions, layerSettings, unitsFrom } from "./layer-settings.js";

const NARROW = LARGE > 1 ? 160 : 116; // CSS pixels: narrower columns show one button in place of the controls

/** A labelled column of controls; `position(across, index)` puts it above the column of the graph. */
export function controlColumn(name, ...children) {
  const element = h("div", { class: "layer-control", role: "group", "aria-label": name }, children);
  const position = (across, index) => {
    element.style.left = `${across.centre(index) - across.pitch / 2}px`;
    element.style.width = `${across.pitch}px`;
    element.classList.toggle("narrow", across.pitch < NARROW);
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
  const { element, position } = controlColumn(name, units.element, row, settings.compact, settings.list, error);
  const refresh = (state, across, place) => {
    position(across, place);
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
  const belongs = ([field]) => field === path || field.startsWith(`${path}.`);
  const [field, reason] = Object.entries(errors).find(belongs) ?? [];
  showError(element, reason, field, field && run?.config && getPath(run.config, field));
  setAttribute(input, "aria-invalid", reason ? "true" : null);
}
