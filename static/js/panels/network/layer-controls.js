// The controls above each column of the network: how many units, which activation, and what else a layer can have.

import { withLayer, withoutLayer } from "../../studio/form/config-changes.js";
import { showError } from "../../studio/form/controls.js";
import { h, icon, iconButton, setAttribute, setText } from "../../core/dom.js";
import { getPath, runConfig, runWarnings } from "../../core/store.js";
import { LARGE } from "../shared/axes.js";
import { columnsOf, layoutColumns, shownLayers } from "./geometry.js";
import { placeBelow } from "../shared/panel.js";
import { dataset } from "../shared/scales.js";

const NARROW = LARGE > 1 ? 160 : 116;
const inputCount = (state) => columnsOf(state)[0]?.total;

/** A panel of its own (drawn by the loop) whose `element` and `depth` the network panel shows. */
export function layerControls(store, { change, replace }) {
  const element = h("div", { class: "layer-controls" });
  const count = h("output", { class: "depth-count" });
  const layers = () => store.get().draft.layers;
  const depth = h("div", { class: "depth", role: "group", "aria-label": "Hidden layers" },
    iconButton("minus", "Remove the last hidden layer (restarts)", () => layers().length && replace(withoutLayer(store.get().draft, layers().length - 1))),
    count, iconButton("plus", "Add a hidden layer (restarts)", () => replace(withLayer(store.get().draft, layers().length))));
  let columns = [];
  let shape = "";
  return {
    name: "layer-controls", element, depth,
    needs: ["draft", "catalogue", "errors", "layoutSize", runConfig, runWarnings, inputCount],
    draw(state) {
      if (!state.catalogue || !state.draft) return;
      const now = `${state.draft.layers.length}/${state.catalogue.activations.length}`;
      if (now !== shape) {
        shape = now;
        columns = buildColumns(state, { store, change, replace });
        element.replaceChildren(...columns.map((column) => column.element));
      }
      const many = state.draft.layers.length;
      const left = many - shownLayers(many);
      setText(count, `${many} hidden ${many === 1 ? "layer" : "layers"}${left ? `, ${left} not drawn` : ""}`);
      const across = layoutColumns(shownLayers(many) + 2, element.closest(".network-scroller").clientWidth);
      columns.forEach((column, index) => column.refresh(state, across, index));
    },
  };
}

function buildColumns(state, actions) {
  const hidden = state.draft.layers.slice(0, shownLayers(Infinity)).map((_, index) => hiddenColumn(index, state.catalogue, actions));
  return [inputColumn(), ...hidden, outputColumn(state.catalogue, actions)];
}

function column(name, ...children) {
  const element = h("div", { class: "layer-control", role: "group", "aria-label": name }, children);
  const position = (across, index) => {
    element.style.left = `${across.centre(index) - across.pitch / 2}px`;
    element.style.width = `${across.pitch}px`;
    element.classList.toggle("narrow", across.pitch < NARROW);
  };
  return { element, position };
}

function inputColumn() {
  const title = h("span", { class: "layer-title" });
  const note = h("span", { class: "layer-note" });
  const { element, position } = column("Inputs", title, note);
  const refresh = (state, across, index) => {
    position(across, index);
    const inputs = columnsOf(state)[0].total;
    setText(title, inputs === 1 ? "1 input" : `${inputs} inputs`);
    const image = dataset(state)?.image;
    setText(note, image ? `pixels, ${image.rows} × ${image.columns}` : dataset(state)?.series ? "successive times" : document.querySelector(".form") ? "chosen under Features" : "");
  };
  return { element, refresh };
}

const activationOptions = (catalogue, where) => catalogue.activations
  .filter((each) => !each.applies_to || each.applies_to.includes(where)).map(({ name, title, help }) => h("option", { value: name, title: help, text: title }));

function hiddenColumn(index, catalogue, { store, change, replace }) {
  const path = (name) => `layers.${index}.${name}`;
  const layer = () => store.get().draft.layers[index];
  const number = h("input", { type: "text", inputmode: "numeric", class: "units-number", "aria-label": `Units in layer ${index + 1} (restarts)`, autocomplete: "off",
    on: { change: () => change(path("units"), /^\d+$/.test(number.value.trim()) ? Number(number.value) : number.value, true) } });
  const units = h("div", { class: "units" }, iconButton("minus", `One unit less in layer ${index + 1} (restarts)`, () => change(path("units"), Math.max(1, layer().units - 1), true)),
    number, iconButton("plus", `One unit more in layer ${index + 1} (restarts)`, () => change(path("units"), layer().units + 1, true)));
  const select = h("select", { class: "select small", "aria-label": `Activation of layer ${index + 1} (restarts)`, "data-field": path("activation"), on: { change: () => change(path("activation"), select.value, true) } }, activationOptions(catalogue, "hidden"));
  const more = details(index, catalogue, { store, change, replace });
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const { element, position } = column(`Layer ${index + 1}`, units, h("div", { class: "activation-row" }, select, more.button), more.compact, more.list, error);
  const refresh = (state, across, place) => {
    position(across, place);
    const { units: size, activation } = state.draft.layers[index];
    if (document.activeElement !== number) number.value = size;
    select.value = activation;
    const [field, reason] = Object.entries(state.errors).find(([at]) => at.startsWith(`layers.${index}.`) || at === `layers.${index}`) ?? [];
    showError(error, reason, field, field && state.run?.config && getPath(state.run.config, field));
    setAttribute(number, "aria-invalid", reason ? "true" : null);
    more.refresh(state);
  };
  return { element, refresh };
}

/** The less used settings of a layer, in a popover: alpha, dropout, frozen, insert, remove. */
function details(index, catalogue, { store, change, replace }) {
  const id = `layer-details-${index}`;
  const path = (name) => `layers.${index}.${name}`;
  const box = (label, input) => h("label", { class: "detail" }, h("span", { text: label }), input);
  const typed = (name) => h("input", { type: "text", inputmode: "decimal", class: "number", autocomplete: "off", "data-field": path(name),
    on: { change: (event) => change(path(name), event.target.value.trim() === "" ? null : Number.isFinite(Number(event.target.value)) ? Number(event.target.value) : event.target.value, true) } });
  const [dropout, alpha] = [typed("dropout"), typed("alpha")];
  const dropoutRow = box("Dropout", dropout);
  const frozen = h("input", { type: "checkbox", class: "switch", "data-field": path("frozen"), on: { change: () => change(path("frozen"), frozen.checked, true) } });
  const alphaRow = box("Alpha (restarts)", alpha);
  const act = (text, action) => h("button", { type: "button", class: "menu-item", on: { click: () => {
    list.hidePopover();
    action();
  } } }, icon("restart"), text);
  const units = h("input", { type: "text", inputmode: "numeric", class: "number", autocomplete: "off", on: { change: () => change(path("units"), /^\d+$/.test(units.value.trim()) ? Number(units.value) : units.value, true) } });
  const activation = h("select", { class: "select", on: { change: () => change(path("activation"), activation.value, true) } }, activationOptions(catalogue, "hidden"));
  const list = h("div", { id, class: "menu layer-menu", popover: "auto", "aria-label": `Layer ${index + 1}` }, h("strong", { text: `Layer ${index + 1}` }),
    box("Units (restarts)", units), box("Activation (restarts)", activation), dropoutRow, alphaRow, box("Frozen", frozen),
    act("Insert a layer after it", () => replace(withLayer(store.get().draft, index + 1))), act("Remove this layer", () => replace(withoutLayer(store.get().draft, index))));
  const button = iconButton("gear", `Layer ${index + 1}: dropout, frozen, remove`, () => {}, { popovertarget: id });
  const compact = h("button", { type: "button", class: "layer-compact", popovertarget: id }, h("strong"), h("small"));
  list.addEventListener("toggle", (event) => event.newState === "open" && placeBelow(list, compact.offsetParent ? compact : button));
  const refresh = ({ draft, run }) => {
    const layer = draft.layers[index];
    const takesAlpha = catalogue.activations.find((each) => each.name === layer.activation)?.parameters?.alpha;
    alphaRow.hidden = !takesAlpha;
    dropoutRow.hidden = draft.paradigm === "policy_gradient"; // the policy that learns has to be the one that played
    if (document.activeElement !== alpha) alpha.value = layer.alpha ?? run?.config?.layers[index]?.alpha ?? "";
    if (document.activeElement !== dropout) dropout.value = layer.dropout ?? 0;
    frozen.checked = Boolean(layer.frozen);
    if (document.activeElement !== units) units.value = layer.units;
    activation.value = layer.activation;
    setText(compact.firstChild, String(layer.units));
    setText(compact.lastChild, activation.selectedOptions[0]?.text ?? layer.activation);
    setAttribute(compact, "aria-label", `Layer ${index + 1}: ${layer.units} units, ${layer.activation}; change`);
    button.classList.toggle("marked", Boolean(layer.frozen) || layer.dropout > 0);
    const marks = [layer.dropout > 0 && `dropout ${layer.dropout}`, layer.frozen && "frozen"].filter(Boolean).join(", ");
    setAttribute(button, "title", `Layer ${index + 1}: ${marks || "dropout, frozen, remove"}`);
  };
  return { button, list, compact, refresh };
}

function outputColumn(catalogue, { change }) {
  const title = h("span", { class: "layer-title", text: "Output" });
  const auto = h("option", { value: "auto", text: "auto" });
  const select = h("select", { class: "select small", "aria-label": "Activation of the output (restarts)", "data-field": "output_activation", on: { change: () => change("output_activation", select.value, true) } }, auto, activationOptions(catalogue, "output"));
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const { element, position } = column("Output", title, select, error);
  const refresh = (state, across, index) => {
    position(across, index);
    select.value = state.draft.output_activation ?? "auto";
    select.disabled = state.draft.paradigm === "policy_gradient"; // probabilities of actions, and nothing else
    setText(auto, `auto: ${state.run?.config?.output_activation ?? "…"}`);
    const reason = state.errors.output_activation ?? state.run?.warnings?.find(({ field }) => field === "output_activation")?.message;
    setText(error, reason ?? "");
    error.hidden = !reason;
  };
  return { element, refresh };
}
