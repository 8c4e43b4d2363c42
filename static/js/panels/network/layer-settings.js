// The popover of a hidden layer: dropout, alpha, frozen, insert, remove; in narrow columns units and activation too.
// This module is loaded when a popover is first opened.

import { h, icon, iconButton, setAttribute, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { openFrom } from "../shared/panel-menu.js";
import { activationOptions, unitsFrom } from "./layer-inputs.js";

/** Builds the popover; `open(button, anchor)` shows it, `refresh(state)` the current settings in it. */
export function settingsPopover(id, index, catalogue, context) {
  const fields = settingFields(index, catalogue, context);
  const title = t("panel.network.layer.title", { layer: index + 1 });
  const list = h("div", { id, class: "menu layer-menu", popover: "auto", "aria-label": title },
    h("strong", { text: title }), fields.elements, layerCommands(index, context, () => list.hidePopover()));
  return {
    open: (button, anchor) => openFrom(button, list, anchor),
    refresh: (state) => fields.refresh(state, state.draft.layers[index]),
  };
}

/** The entries of the popover that insert and remove layers. */
function layerCommands(index, { editLayers }, close) {
  const command = (text, name, at) => {
    const click = () => {
      close();
      editLayers(name, at);
    };
    return h("button", { type: "button", class: "menu-item", on: { click } }, icon("restart"), text);
  };
  return [
    command(t("panel.network.layer.insert"), "withLayer", index + 1),
    command(t("panel.network.layer.remove"), "withoutLayer", index),
  ];
}

const row = (label, input) => h("label", { class: "detail" }, h("span", { text: label }), input);

function settingFields(index, catalogue, { change }) {
  const path = (name) => `layers.${index}.${name}`;
  const [dropout, alpha] = [numberField(path("dropout"), change), numberField(path("alpha"), change)];
  const frozen = h("input", { type: "checkbox", class: "switch", "data-field": path("frozen") });
  frozen.addEventListener("change", () => change(path("frozen"), frozen.checked, true));
  const units = unitsField(index, (value) => change(path("units"), value, true));
  const activation = h("select", { class: "select" }, activationOptions(catalogue, "hidden"));
  activation.addEventListener("change", () => change(path("activation"), activation.value, true));
  const about = h("a", { class: "about-activation", target: "_blank", rel: "noopener" });
  const dropoutRow = row(t("panel.network.setting.dropout"), dropout);
  const alphaRow = row(t("panel.network.setting.alpha"), alpha);
  const elements = [
    units.element, row(t("panel.network.setting.activation"), activation), about,
    dropoutRow, alphaRow, row(t("panel.network.setting.frozen"), frozen),
  ];
  const refresh = ({ draft, run }, config) => {
    alphaRow.hidden = !catalogue.activations.find(({ name }) => name === config.activation)?.parameters?.alpha;
    dropoutRow.hidden = draft.paradigm === "policy_gradient"; // the gradient needs the policy that selected the actions
    show(alpha, config.alpha ?? run?.config?.layers[index]?.alpha ?? "");
    show(dropout, config.dropout ?? 0);
    show(units.input, config.units);
    frozen.checked = Boolean(config.frozen);
    activation.value = config.activation;
    showAbout(about, catalogue, config.activation);
  };
  return { elements, refresh };
}

/** The link to the page of an activation function. */
function showAbout(link, { activations }, name) {
  const { title = name } = activations.find((entry) => entry.name === name) ?? {};
  setText(link, t("panel.network.setting.about", { activation: title }));
  setAttribute(link, "href", `/activations/${name}`);
}

/** The number of units, with buttons that add and remove one. */
function unitsField(index, set) {
  const [layer, id] = [index + 1, `layer-units-${index}`];
  const input = h("input", { id, type: "text", inputmode: "numeric", class: "number", autocomplete: "off" });
  input.addEventListener("change", () => set(unitsFrom(input.value)));
  const add = (count) => () => set(Math.max(1, Number(input.value) + count) || input.value);
  const element = h("div", { class: "detail" },
    h("label", { for: id, text: t("panel.network.setting.units") }),
    h("span", { class: "units" },
      iconButton("minus", t("panel.network.layer.fewer", { layer }), add(-1)), input,
      iconButton("plus", t("panel.network.layer.more", { layer }), add(1))));
  return { element, input };
}

/** A field for a number; empty means the default; other text is sent so that the server's error is shown. */
function numberField(field, change) {
  const input = h("input", {
    type: "text", inputmode: "decimal", class: "number", autocomplete: "off", "data-field": field,
  });
  input.addEventListener("change", () => {
    const text = input.value.trim();
    const value = Number.isFinite(Number(text)) ? Number(text) : input.value;
    change(field, text === "" ? null : value, true);
  });
  return input;
}

function show(input, value) {
  if (document.activeElement !== input) input.value = value;
}
