// The configuration for another task; fetched when one is chosen.

import { withChange } from "./form/config-changes.js";
import { applies, firstOf, paradigmOf, sourcesFor } from "./problem.js";
import { getPath } from "../core/store.js";
import { defaultConfig } from "./sharing.js";

/** The draft with the task's first source; where the task is of another paradigm, the first configuration of that. */
export function configurationFor({ catalogue, draft }, task) {
  const { paradigm } = catalogue.tasks[task];
  const { field, entries } = sourcesFor(catalogue, task);
  const isSame = paradigm === paradigmOf(draft);
  const base = isSame ? draft : paradigm === "supervised" ? defaultConfig() : firstOf(catalogue, paradigm);
  const source = entries.find(({ name }) => name === getPath(base, field));
  return source && applies(source, task) && !isSame ? base : withChange(base, field, entries[0].name, catalogue);
}
