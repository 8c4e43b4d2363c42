// One row per weight of a unit and one for its bias: a slider, a number field, its gradient, and a button to freeze it.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { sourceName } from "./descriptions.js";

const MIN_SLIDER_RANGE = 3; // the sliders span at least ± this value

/**
 * `edit(operations)` is called at every change, `trace(weight)`, if given, at a click on a name;
 * `show(layerData, frozen, numbers)` shows the current values.
 */
export function weightRows(edit, target, sources, trace) {
  const rows = sources.map(({ source, name }) => weightRow({ edit, trace }, { ...target, source }, name));
  return {
    elements: [headings(), ...rows.map((row) => row.element)],
    show: (layerData, frozen, numbers) => rows.forEach((row) => row.show(layerData, frozen, numbers)),
  };
}

/** The names of the columns; the last one has the buttons to freeze. */
function headings() {
  const title = t("panel.unit_numbers.gradient_help");
  const gradient = h("span", { text: t("panel.unit_numbers.column.gradient"), title });
  const names = [t("panel.unit_numbers.column.input"), t("panel.unit_numbers.column.weight")];
  const [input, weight] = names.map((text) => h("span", { text }));
  const frozen = h("span", { text: t("panel.unit_numbers.column.freeze") });
  return h("div", { class: "weight-headings" }, input, h("span"), weight, gradient, frozen);
}

/** The bias and then every input of the unit, as {source, name}. */
export function sourcesOf(layerData, layer, features) {
  const [count] = layerData.weights.shape;
  const inputs = Array.from({ length: count }, (_, source) => {
    const name = t("panel.unit_numbers.from", { name: sourceName(layer, source, features) });
    return { source, name };
  });
  return [{ source: "bias", name: t("panel.unit_numbers.bias_name") }, ...inputs];
}

function weightRow({ edit, trace }, { layer, unit, source }, name) {
  const { slider, field, isDragged } = valueControls(name, (value) =>
    edit({ weights: [{ layer, unit, source, value }] }));
  const isFrozen = () => freeze.getAttribute("aria-pressed") === "true";
  const toggle = () => edit({ freeze: [{ layer, unit, source, frozen: !isFrozen() }] });
  const freezeName = t("panel.unit_numbers.freeze", { name });
  const freeze = iconButton("frozen", freezeName, toggle, { "aria-pressed": "false" });
  const gradient = h("output", { class: "weight-gradient", title: t("panel.unit_numbers.gradient_help") });
  const label = trace ? traceButton(name, () => trace({ layer, unit, source })) : h("span", { text: name });
  const element = h("div", { class: "weight-row", "data-source": source }, label, slider, field, gradient, freeze);
  const isBias = source === "bias";
  const show = ({ weights, biases }, frozen, numbers) => {
    const [count, units] = weights.shape;
    const value = isBias ? biases[unit] : weights[source * units + unit];
    if (document.activeElement !== field) field.value = Number(value.toPrecision(5));
    if (!isDragged()) moveSlider(slider, value);
    const derivative = numbers && (isBias ? numbers.bias_gradient : numbers.weight_gradients[source]);
    setText(gradient, numbers ? number(derivative, 2) : "");
    const row = frozen?.[isBias ? frozen.length - 1 : source];
    setAttribute(freeze, "aria-pressed", String(Boolean(row?.[unit])));
    element.hidden = !isBias && source >= count;
  };
  return { element, show };
}

const traceButton = (text, click) => h("button", {
  type: "button", class: "weight-name", text, title: t("panel.unit_numbers.trace", { name: text }), on: { click },
});

/** A slider and a field for one value. */
function valueControls(name, send) {
  const slider = h("input", {
    type: "range", class: "slider", min: -MIN_SLIDER_RANGE, max: MIN_SLIDER_RANGE, step: 0.01,
    "aria-label": t("panel.unit_numbers.slider", { name }),
  });
  const attributes = { type: "text", inputmode: "decimal", class: "number", autocomplete: "off" };
  const field = h("input", { ...attributes, "aria-label": name });
  // The slider is not updated while it is dragged. Each key press starts at the current value of the weight.
  let dragged = false;
  slider.addEventListener("pointerdown", () => (dragged = true));
  for (const type of ["pointerup", "pointercancel", "change", "blur"]) {
    slider.addEventListener(type, () => (dragged = false));
  }
  slider.addEventListener("input", () => {
    field.value = slider.value;
    send(Number(slider.value));
  });
  field.addEventListener("change", () => {
    const text = field.value.trim();
    const value = Number(text.replace("−", "-").replace(",", "."));
    const valid = text !== "" && Number.isFinite(value);
    setAttribute(field, "aria-invalid", valid ? null : "true");
    if (valid) send(value);
  });
  return { slider, field, isDragged: () => dragged };
}

function moveSlider(slider, value) {
  const range = Math.max(MIN_SLIDER_RANGE, Math.ceil(Math.abs(value) * 1.5));
  if (Number(slider.max) < Math.abs(value)) Object.assign(slider, { min: -range, max: range });
  slider.value = value;
  slider.style.setProperty("--part", `${(100 * (value - slider.min)) / (slider.max - slider.min)}%`);
}
