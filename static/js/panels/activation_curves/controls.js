// The controls of the selected activation: its name, its parameter α, the range of z, and the z that is read.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const MAX_ALPHA = 3;

/**
 * `set(changes)` is called with new options; `show(options, catalogue, frame)` updates the controls, and
 * `showReading(index, z, text)` the place that is read, an index of z.
 */
export function curveControls(set) {
  const change = () => set({ activation: select.value, alpha: null });
  const label = t("panel.activation_curves.choice");
  const select = h("select", { class: "select small", "aria-label": label, on: { change } });
  const setAlpha = (value) => set({ alpha: value });
  const alpha = slider("α", { min: 0, max: MAX_ALPHA, step: 0.01 }, setAlpha);
  const range = slider(t("panel.activation_curves.range"), { min: 1, max: 20, step: 0.5 }, (reach) => set({ reach }));
  const reading = slider("z", { min: 0, step: 1, "data-reading": true }, (index) => set({ z: shownZ[index] }));
  let shownZ = [];
  const showReading = (index, z, text) => {
    shownZ = z;
    setProperty(reading.input, "max", String(z.length - 1));
    setValue(reading, index, z[index]);
    setAttribute(reading.input, "aria-valuetext", text);
  };
  const show = (options, catalogue, frame) => {
    const option = ({ name, title }) => h("option", { value: name, text: title });
    if (!select.length) select.append(...catalogue.activations.map(option));
    setProperty(select, "value", options.activation);
    const parameter = catalogue.activations.find(({ name }) => name === options.activation)?.parameters?.alpha;
    setProperty(alpha.element, "hidden", !parameter);
    const value = options.alpha ?? frame?.activation.alpha ?? parameter?.default ?? 0;
    setValue(alpha, Math.min(Math.max(value, parameter?.minimum ?? 0), MAX_ALPHA));
    setValue(range, options.reach);
  };
  const element = h("div", { class: "activation-sliders" }, alpha.element, range.element, reading.element);
  return { select, element, show, showReading };
}

function slider(label, attributes, set) {
  const on = { input: () => set(Number(input.value)) };
  const input = h("input", { type: "range", class: "slider", "aria-label": label, ...attributes, on });
  const output = h("output", {});
  const element = h("label", { class: "activation-slider" }, h("span", { text: label }), input, output);
  return { input, output, element };
}

function setValue({ input, output }, value, shown = value) {
  if (document.activeElement !== input) input.value = value;
  input.style.setProperty("--part", `${(100 * (input.value - input.min)) / (input.max - input.min)}%`);
  output.textContent = number(shown);
}
