// Values the server refused: each stays in its field with the reason, and the rest of the configuration goes on without it.

import { ApiError, Unreachable } from "../../core/api.js";
import { labelOf } from "./fields.js";
import { words } from "../../core/formats.js";
import { getPath, same, setPath } from "../../core/store.js";

/** Say what went wrong: at the field if the error names one, and in passing. Other errors are ours and are thrown on. */
export function explain({ store }, error) {
  const lost = error instanceof Unreachable;
  if (!(error instanceof ApiError) && !lost) throw error;
  const { field, message } = error;
  if (field) store.set({ errors: { ...store.get().errors, [field]: message } });
  store.set({ notice: { text: field ? `${fieldName(field)}: ${message}` : message, kind: "error", at: performance.now(), field, lost } });
}

/** "layers.0.units" → "Layer 1 units", "optimizer.learning_rate" → "Learning rate". */
export function fieldName(field) {
  const [first, index, name] = field.split(".");
  return first === "layers" && name ? `Layer ${Number(index) + 1} ${words(name).toLowerCase()}` : labelOf(field);
}

/** The wanted configuration with every value that was refused, and still stands, put back to what the run has. */
export function withoutRefused({ refused, applied, store }, wanted) {
  const standing = [...refused].filter(([path, { value }]) => same(getPath(wanted, path), value));
  if (standing.length < refused.size) {
    refused.clear();
    for (const [path, held] of standing) refused.set(path, held);
    if (store.get().notice?.field) store.set({ notice: null });
  }
  const errors = Object.fromEntries(standing.map(([path, { message }]) => [path, message]));
  if (!same(errors, store.get().errors)) store.set({ errors });
  return standing.reduce((config, [path]) => setPath(config, path, getPath(applied, path)), wanted);
}

/** Note a refusal; true when the rest may be tried without the refused value. */
export function refuse(session, target, error) {
  explain(session, error);
  const path = error.field && blamed(session.applied, target, error.field);
  if (!path) return false;
  session.refused.set(path, { value: getPath(session.store.get().wanted, path), message: error.message });
  return true;
}

/** The changed value that an error's field points at: the field itself or the nearest thing around it that changed. */
function blamed(applied, target, field) {
  const parts = field.split(".");
  for (let length = parts.length; length > 0; length--) {
    const path = parts.slice(0, length).join(".");
    if (!same(getPath(applied, path), getPath(target, path))) return path;
  }
  return null;
}
