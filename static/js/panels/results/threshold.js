// The threshold above which the answer is yes, for those tasks that have one: for all labels alike, or for each its own.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";

/** `set` takes {threshold} or {thresholds: {run, each}}; `show(frame)` follows what the server decided with. */
export function thresholdRow(set, run) {
  const label = h("select", { class: "select small", "aria-label": "Label whose threshold is set", hidden: true });
  const slider = h("input", { type: "range", class: "slider", min: 0, max: 1, step: 0.01, "aria-label": "Threshold" });
  const value = h("output", {});
  const reset = h("button", { type: "button", class: "chip small", text: "middle", title: "Back to the middle, for all", on: { click: () => set({ threshold: null, thresholds: null }) } });
  const element = h("div", { class: "threshold-row" }, h("span", { text: "Threshold" }), label, slider, value, reset);
  let held = [];
  slider.addEventListener("input", () => {
    const at = Number(slider.value);
    held = label.value === "" ? held.map(() => at) : held.map((each, i) => (i === Number(label.value) ? at : each));
    set(label.value === "" ? { threshold: at, thresholds: null } : { threshold: null, thresholds: { run: run(), each: held } });
  });
  label.addEventListener("change", () => put(slider, value, held, label));
  const show = (frame) => {
    element.hidden = !frame.thresholds;
    if (element.hidden) return;
    const swept = frame.sweep?.[0]?.thresholds;
    setAttribute(slider, "min", swept ? Math.min(swept[0], 0) : 0);
    setAttribute(slider, "max", swept ? swept.at(-1) : 1);
    offer(label, frame.thresholds.length > 1 ? frame.classes : []);
    if (document.activeElement !== slider) held = Array.from(frame.thresholds);
    put(slider, value, held, label);
  };
  return { element, show };
}

function put(slider, value, held, label) {
  const chosen = label.value === "" ? held[0] : held[Number(label.value)];
  const varied = label.value === "" && held.some((each) => each !== chosen);
  if (document.activeElement !== slider) slider.value = chosen;
  slider.style.setProperty("--part", `${(100 * (slider.value - slider.min)) / (slider.max - slider.min)}%`);
  setText(value, varied ? "varied" : number(chosen));
}

function offer(select, names) {
  select.hidden = !names.length;
  if (select.dataset.names === names.join()) return;
  select.dataset.names = names.join();
  select.replaceChildren(h("option", { value: "", text: "all labels" }), ...names.map((name, i) => h("option", { value: i, text: name })));
}
