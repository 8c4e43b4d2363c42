// Controls that only the drawer has: switch and text. Loaded with it.

import { frame } from "../form/controls.js";
import { h } from "../../core/dom.js";

/** Of an enumeration the first value is on, the second off. */
export function switchControl(field, onChange) {
  const [on, off] = field.options?.map(({ value }) => value) ?? [true, false];
  const box = h("input", { type: "checkbox", "data-main": true, class: "switch" });
  const base = frame(field, box, "switch");
  box.addEventListener("change", () => onChange(box.checked ? on : off, true));
  return { ...base, set: (value, used = off) => (box.checked = (value ?? used) === on) };
}

export function textControl(field, onChange) {
  const input = h("input", { type: "text", "data-main": true, class: "text", autocomplete: "off" });
  const base = frame(field, input, "text");
  input.addEventListener("change", () => onChange(input.value, true));
  return { ...base, set: (value) => (input.value = value ?? "") };
}
