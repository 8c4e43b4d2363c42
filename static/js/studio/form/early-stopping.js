// The early-stopping control: off, or what to watch, how long to wait and by how much it must improve.

import { choiceControl, numberControl, switchControl } from "./controls.js";
import { h } from "../../core/dom.js";

const DEFAULT = { monitor: "test_loss", patience: 20, min_delta: 0, restore_best: true };
const MONITORS = ["validation_loss", "test_loss", "train_loss"].map((value) => ({ value, title: value.replace("_", " ") }));

export function stoppingControl(field, onChange) {
  let now = null;
  const path = (name) => ({ ...field, path: `${field.path}.${name}`, help: "", nullable: false });
  const merge = (name) => (value, final) => onChange({ ...(now ?? DEFAULT), [name]: value }, final);
  const enabled = switchControl({ ...field, label: "Early stopping" }, (on) => onChange(on ? DEFAULT : null, true));
  const parts = {
    monitor: choiceControl({ ...path("monitor"), label: "Watch", options: MONITORS }, merge("monitor")),
    patience: numberControl({ ...path("patience"), label: "Patience", help: "Epochs without improvement before stopping", minimum: 1, maximum: 1000, integer: true, sliderMaximum: 1000 }, merge("patience")),
    min_delta: numberControl({ ...path("min_delta"), label: "Least gain", minimum: 0, maximum: 1 }, merge("min_delta")),
    restore_best: switchControl({ ...path("restore_best"), label: "Restore best weights" }, merge("restore_best")),
  };
  const inner = h("div", { class: "sub-fields" }, Object.values(parts).map((part) => part.element));
  const element = h("div", { class: "field-set" }, enabled.element, inner);
  const set = (value) => {
    now = value;
    inner.hidden = !value;
    enabled.set(Boolean(value));
    if (value) for (const [name, part] of Object.entries(parts)) part.set(value[name]);
  };
  const setError = (message, warning, errors) => {
    enabled.setError(message, warning);
    for (const [name, part] of Object.entries(parts)) part.setError(errors[`${field.path}.${name}`]);
  };
  return { element, set, setError, field };
}
