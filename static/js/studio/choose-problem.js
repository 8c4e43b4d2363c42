// The configuration for another task; loaded when a task is selected.

import { withChange } from "./form/with-change.js";
import { applies, defaultOf, paradigmOf, sourcesFor } from "./problem.js";
import { getPath } from "../core/store.js";
import { defaultConfig } from "./sharing.js";

/** The draft with a source for the task; if the task has another paradigm, the default configuration of that. */
export function configurationFor({ catalogue, draft }, task) {
  const { paradigm } = catalogue.tasks[task];
  const { field, entries } = sourcesFor(catalogue, task);
  const isSame = paradigm === paradigmOf(draft);
  const defaults = paradigm === "supervised" ? defaultConfig() : defaultOf(catalogue, paradigm);
  const base = isSame ? draft : { ...defaults, unwatched: draft.unwatched };
  const source = entries.find(({ name }) => name === getPath(base, field));
  return source && applies(source, task) && !isSame ? base : withChange(base, field, entries[0].name, catalogue);
}
