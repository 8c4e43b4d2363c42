// Rejected values: each stays in its field with the reason, and the configuration is used without it.

import { ApiError, Unreachable } from "../../core/api.js";
import { labelOf } from "./config-changes.js";
import { t } from "../../core/text.js";
import { getPath, same, setPath } from "../../core/store.js";

/** Shows an error of the API as a notice and, if it names a field, at the field. Throws other errors. */
export function explain({ store }, error) {
  const lost = error instanceof Unreachable;
  if (!(error instanceof ApiError) && !lost) throw error;
  const { field, message } = error;
  if (field) store.set({ errors: { ...store.get().errors, [field]: message } });
  const text = field ? t("form.problem.at_field", { field: fieldName(field, store.get().schema), message }) : message;
  store.set({ notice: { text, kind: "error", at: performance.now(), field, lost, actions: linkTo(field) } });
}

/** The button of a notice that shows a field, unless that has the focus; none on a page without form. */
export const linkTo = (field) => {
  const isHere = document.activeElement?.closest("[data-field]")?.dataset.field === field;
  if (!field || isHere || !document.getElementById("form")) return [];
  return [{ label: t("form.problem.show"), act: ({ showField }) => showField?.(field) }];
};

/** "layers.0.units" → "Layer 1: Units", "optimizer.learning_rate" → "Learning rate". */
export function fieldName(path, schema) {
  const [first, index, name] = path.split(".");
  const label = labelOf(path, schema);
  return first === "layers" && name ? t("form.problem.layer_field", { layer: Number(index) + 1, field: label }) : label;
}

/** The draft configuration with every rejected value that the draft still has replaced by the one of the run. */
export function withoutRefused({ refused, store }, draft) {
  const remaining = [...refused].filter(([path, { value }]) => same(getPath(draft, path), value));
  if (remaining.length < refused.size) {
    refused.clear();
    for (const [path, rejection] of remaining) refused.set(path, rejection);
    if (store.get().notice?.field) store.set({ notice: null });
  }
  const errors = Object.fromEntries(remaining.map(([path, { message }]) => [path, message]));
  if (!same(errors, store.get().errors)) store.set({ errors });
  return remaining.reduce((config, [path]) => setPath(config, path, getPath(store.get().confirmed, path)), draft);
}

/** Records a rejection. Returns true if the configuration can be sent again without the rejected value. */
export function refuse(session, target, error) {
  explain(session, error);
  const path = error.field && changedPath(session.store.get().confirmed, target, error.field);
  if (!path) return false;
  session.refused.set(path, { value: getPath(target, path), message: error.message });
  return true;
}

/** The path of the change that caused an error: its field, or the nearest changed part that contains the field. */
function changedPath(confirmed, target, field) {
  const parts = field.split(".");
  for (let length = parts.length; length > 0; length--) {
    const path = parts.slice(0, length).join(".");
    if (!same(getPath(confirmed, path), getPath(target, path))) return path;
  }
  return null;
}
