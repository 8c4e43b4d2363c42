// The schema of the draft's paradigm. Loaded when the draft changes to another paradigm.

import { api } from "../core/api.js";
import { livePatterns } from "./form/config-changes.js";
import { paradigmOf } from "./problem.js";

let pending = null;

/** Fetches the schema of the draft's paradigm, for the state unless the draft has another paradigm by then. */
export async function fetchSchema(store) {
  const paradigm = paradigmOf(store.get().draft);
  if (pending === paradigm) return;
  pending = paradigm;
  const schema = await api.schema(paradigm).catch(() => null);
  if (pending === paradigm) pending = null;
  if (schema && paradigm === paradigmOf(store.get().draft)) store.set({ schema, livePatterns: livePatterns(schema) });
}
