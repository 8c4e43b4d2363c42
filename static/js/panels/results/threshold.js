// The decision threshold: one for all labels, or one per label.

import { h, setAttribute, setProperty, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

/** `set` is called with {threshold} or {thresholds: {run, values}}; `show(frame)` shows the thresholds of the frame. */
export function thresholdRow(set, run) {
  const controls = thresholdControls(() => set({ threshold: null, thresholds: null }));
  const { element, label, slider } = controls;
  let values = [];
  slider.addEventListener("input", () => {
    const value = Number(slider.value);
    const all = label.value === "";
    values = values.map((old, i) => (all || i === Number(label.value) ? value : old));
    const perLabel = { run: run(), values };
    set(all ? { threshold: value, thresholds: null } : { threshold: null, thresholds: perLabel });
  });
  label.addEventListener("change", () => showValue(controls, values));
  const show = (frame) => {
    setProperty(element, "hidden", !frame.thresholds);
    if (element.hidden) return;
    const range = frame.sweep?.[0]?.thresholds;
    setAttribute(slider, "min", range ? Math.min(range[0], 0) : 0);
    setAttribute(slider, "max", range ? range.at(-1) : 1);
    setLabels(label, frame.thresholds.length > 1 ? frame.classes : []);
    if (document.activeElement !== slider) values = Array.from(frame.thresholds);
    showValue(controls, values);
  };
  return { element, show };
}

function thresholdControls(reset) {
  const name = t("panel.results.threshold.title");
  const label = h("select", { class: "select small", "aria-label": t("panel.results.threshold.label"), hidden: true });
  const slider = h("input", { type: "range", class: "slider", min: 0, max: 1, step: 0.01, "aria-label": name });
  const output = h("output", {});
  const button = h("button", {
    type: "button", class: "chip small", text: t("panel.results.threshold.reset"),
    title: t("panel.results.threshold.reset_help"), on: { click: reset },
  });
  const element = h("div", { class: "threshold-row" }, h("span", { text: name }), label, slider, output, button);
  return { element, label, slider, output };
}

function showValue({ slider, output, label }, values) {
  const all = label.value === "";
  const value = all ? values[0] : values[Number(label.value)];
  const different = all && values.some((other) => other !== value);
  if (document.activeElement !== slider) slider.value = value;
  slider.style.setProperty("--part", `${(100 * (slider.value - slider.min)) / (slider.max - slider.min)}%`);
  setText(output, different ? t("panel.results.threshold.different") : number(value));
}

function setLabels(select, names) {
  setProperty(select, "hidden", !names.length);
  if (select.dataset.names === names.join()) return;
  select.dataset.names = names.join();
  const all = h("option", { value: "", text: t("panel.results.threshold.all_labels") });
  select.replaceChildren(all, ...names.map((name, i) => h("option", { value: i, text: name })));
}
