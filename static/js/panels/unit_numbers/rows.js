// One row per weight of a unit, and one for its bias: a slider to drag, a field to type in, a button that freezes it.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";

const LEAST_REACH = 3;

/** `edit(operations)` is called with every change; `show(values)` writes what the network has now. */
export function weightRows(edit, place, sources) {
  const rows = sources.map(({ source, name }) => weightRow(edit, { ...place, source }, name));
  return {
    elements: rows.map((each) => each.element),
    show: (part, frozen, numbers) => rows.forEach((each) => each.show(part, frozen, numbers)),
  };
}

/** Names of what comes in: the bias first, then every input or unit of the layer before. */
export function sourcesOf(part, layer, names) {
  const [count] = part.weights.shape;
  const inputs = Array.from({ length: count }, (_, i) => ({ source: i, name: layer === 0 ? `from ${feature(names?.[i] ?? `input ${i + 1}`)}` : `from unit ${i + 1}` }));
  return [{ source: "bias", name: "bias" }, ...inputs];
}

function weightRow(edit, { layer, unit, source }, name) {
  const slider = h("input", { type: "range", class: "slider", min: -LEAST_REACH, max: LEAST_REACH, step: 0.01, "aria-label": `${name}, slider` });
  const field = h("input", { type: "text", inputmode: "decimal", class: "number", autocomplete: "off", "aria-label": name });
  const send = (value) => edit({ weights: [{ layer, unit, source, value }] });
  // Only a drag may lag behind the network: with the keys, every press starts from the value as it is.
  let dragged = false;
  slider.addEventListener("pointerdown", () => (dragged = true));
  for (const end of ["pointerup", "pointercancel", "change", "blur"]) slider.addEventListener(end, () => (dragged = false));
  slider.addEventListener("input", () => {
    field.value = slider.value;
    send(Number(slider.value));
  });
  field.addEventListener("change", () => {
    const value = Number(field.value.trim().replace("−", "-").replace(",", "."));
    const valid = field.value.trim() !== "" && Number.isFinite(value);
    setAttribute(field, "aria-invalid", valid ? null : "true");
    if (valid) send(value);
  });
  const freeze = iconButton("frozen", `Freeze: ${name}`, () => edit({ freeze: [{ layer, unit, source, frozen: freeze.getAttribute("aria-pressed") !== "true" }] }), { "aria-pressed": "false" });
  const gradient = h("output", { class: "weight-gradient", title: "Gradient of the loss over the training points, without penalty" });
  const element = h("div", { class: "weight-row", "data-source": source }, h("span", { text: name }), slider, field, gradient, freeze);
  const show = ({ weights, biases }, frozen, numbers) => {
    const [count, units] = weights.shape;
    const value = source === "bias" ? biases[unit] : weights[source * units + unit];
    if (document.activeElement !== field) field.value = Number(value.toPrecision(5));
    if (!dragged) follow(slider, value);
    setText(gradient, numbers ? `∂E ${number(source === "bias" ? numbers.bias_gradient : numbers.weight_gradients[source], 2)}` : "");
    setAttribute(freeze, "aria-pressed", String(Boolean(frozen?.[source === "bias" ? frozen.length - 1 : source]?.[unit])));
    element.hidden = source !== "bias" && source >= count;
  };
  return { element, show };
}

function follow(slider, value) {
  const reach = Math.max(LEAST_REACH, Math.ceil(Math.abs(value) * 1.5));
  if (Number(slider.max) < Math.abs(value)) Object.assign(slider, { min: -reach, max: reach });
  slider.value = value;
  slider.style.setProperty("--part", `${(100 * (value - slider.min)) / (slider.max - slider.min)}%`);
}
