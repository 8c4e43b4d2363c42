// The controls of the chosen activation: its name, its parameter α, and the range of z.

import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const MAX_ALPHA = 3;

/** `set(changes)` is called with new options; `show(options, catalogue, frame)` updates the controls. */
export function curveControls(set) {
  const change = () => set({ activation: choice.value, alpha: null });
  const label = t("panel.activation_curves.choice");
  const choice = h("select", { class: "select small", "aria-label": label, on: { change } });
  const setAlpha = (value) => set({ alpha: value });
  const alpha = slider("α", { min: 0, max: MAX_ALPHA, step: 0.01 }, setAlpha);
  const range = slider(t("panel.activation_curves.range"), { min: 1, max: 20, step: 0.5 }, (reach) => set({ reach }));
  const show = (options, catalogue, frame) => {
    if (!choice.length)
      choice.append(...catalogue.activations.map(({ name, title }) => h("option", { value: name, text: title })));
    choice.value = options.activation;
    const parameter = catalogue.activations.find(({ name }) => name === options.activation)?.parameters?.alpha;
    alpha.element.hidden = !parameter;
    const value = options.alpha ?? frame?.activation.alpha ?? parameter?.default ?? 0;
    setValue(alpha, Math.min(Math.max(value, parameter?.minimum ?? 0), MAX_ALPHA));
    setValue(range, options.reach);
  };
  return { choice, element: h("div", { class: "lab-sliders" }, alpha.element, range.element), show };
}

function slider(label, attributes, set) {
  const on = { input: () => set(Number(input.value)) };
  const input = h("input", { type: "range", class: "slider", "aria-label": label, ...attributes, on });
  const output = h("output", {});
  return { input, output, element: h("label", { class: "lab-slider" }, h("span", { text: label }), input, output) };
}

function setValue({ input, output }, value) {
  if (document.activeElement !== input) input.value = value;
  input.style.setProperty("--part", `${(100 * (input.value - input.min)) / (input.max - input.min)}%`);
  output.textContent = number(value);
}
