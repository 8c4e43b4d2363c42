// Which fields differ from their defaults: the values of a new run with the same data set, optimizer and so on.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { unset } from "../form/controls.js";
import { parameterOf } from "../form/fields.js";
import { defaultOf, paradigmOf, taskOf } from "../problem.js";
import { defaultConfig } from "../sharing.js";
import { getPath, same } from "../../core/store.js";

/** The value that returns a field to its default; null or "auto" where that follows from other fields. */
export function defaultValue({ path }, state) {
  const { catalogue, draft } = state;
  const paradigm = paradigmOf(draft);
  const base = paradigm === "supervised" ? defaultConfig() : defaultOf(catalogue, paradigm);
  const owner = `${path.slice(0, path.lastIndexOf("."))}.name`;
  const hasOtherEntry = parameterOf(path, state, draft) && getPath(base, owner) !== getPath(draft, owner);
  return hasOtherEntry ? null : (getPath(base, path) ?? null);
}

/** Whether the draft has another value than the default, or than what follows from the other fields. */
export function isChanged(field, state) {
  const value = getPath(state.draft, field.path) ?? null;
  const usual = defaultValue(field, state);
  return !same(value, usual) && !same(resolved(value, field, state), resolved(usual, field, state));
}

/** The default as text. */
export function defaultText(field, state) {
  const value = resolved(defaultValue(field, state), field, state);
  if (field.control === "early_stopping") return t("form.option.none");
  if (value === null || value === "auto") return unset(field);
  if (field.control === "switch") return t(`form.option.${value === (field.options?.[0].value ?? true)}`);
  const titleOf = (name) => field.options?.find((option) => option.value === name)?.title ?? name;
  if (typeof value === "boolean") return t(`form.option.${value}`);
  return typeof value === "number" && !field.options ? number(value) : titleOf(value) || "–";
}

/** The value in place of null or "auto", where the page knows what follows from the other fields. */
function resolved(value, { path, default: own }, { catalogue, draft }) {
  if (value !== null && value !== "auto") return value;
  if (path === "loss.name") return catalogue.tasks[taskOf(catalogue, draft)]?.loss ?? value;
  return own ?? value;
}
