// The control of early stopping: a switch, and its fields from the schema.

import { switchControl } from "./rare-controls.js";
import { h } from "../../core/dom.js";

const MONITOR = "test_loss"; // there is no validation part by default

export function stoppingControl(field, onChange, context) {
  let current = null;
  const defaults = { ...Object.fromEntries(field.parts.map((part) => [nameOf(part), part.default])), monitor: MONITOR };
  const merge = (name) => (value, final) => onChange({ ...(current ?? defaults), [name]: value }, final);
  const enabled = switchControl(field, (on) => onChange(on ? defaults : null, true));
  const make = (part) => context.controlFor({ ...part, live: field.live }, merge(nameOf(part)), context.catalogue);
  const parts = field.parts.map(make);
  const inner = h("div", { class: "sub-fields" }, parts.map((part) => part.element));
  const set = (value) => {
    current = value;
    inner.hidden = !value;
    enabled.set(Boolean(value));
    if (value) for (const part of parts) part.set(value[nameOf(part.field)]);
  };
  const setError = (message, warning, errors) => {
    enabled.setError(message, warning);
    for (const part of parts) part.setError(errors[part.field.path]);
  };
  return { element: h("div", { class: "field-set" }, enabled.element, inner), set, setError, field };
}

const nameOf = ({ path }) => path.split(".").at(-1);
