// The problem of a configuration: its paradigm, its task, its source of data, and the views that apply to it.

import { api } from "../core/api.js";
import { getPath } from "../core/store.js";
import { livePatterns } from "./form/config-changes.js";
import { completeLayer } from "./sharing.js";

export const paradigmOf = (config) => config.paradigm ?? "supervised";

const byName = (entries, name) => entries.find((entry) => entry.name === name);

const entryOf = (catalogue, config) => byName(catalogue.paradigms, paradigmOf(config));

/** The task of a configuration: that of its paradigm, or of its source if the paradigm has several tasks. */
export function taskOf(catalogue, config) {
  const { tasks, source } = entryOf(catalogue, config);
  return tasks.length === 1 ? tasks[0] : byName(catalogue[source.list], getPath(config, source.field))?.task;
}

/** The catalogue entry of the data set or environment of a configuration, or null. */
export function sourceOf(catalogue, config) {
  const { source } = (catalogue && config && entryOf(catalogue, config)) ?? {};
  return source ? byName(catalogue[source.list], getPath(config, source.field)) ?? null : null;
}

export const applies = (entry, task) => !entry?.applies_to || !task || entry.applies_to.includes(task);

/** The data sets or environments for a task: {field, entries}, `field` being their field in a configuration. */
export function sourcesFor(catalogue, task) {
  const { source } = catalogue.paradigms.find((paradigm) => paradigm.tasks.includes(task));
  return { field: source.field, entries: catalogue[source.list].filter((entry) => applies(entry, task)) };
}

/** Whether a view applies to the run of this state; true while catalogue or configuration are not loaded. */
export function viewApplies({ catalogue, run, draft }, name) {
  const config = run?.config ?? draft;
  return !catalogue || !config || applies(byName(catalogue.views, name), taskOf(catalogue, config));
}

/** The default configuration of a paradigm. */
export const firstOf = (catalogue, paradigm) => byName(catalogue.paradigms, paradigm)?.configuration;

/** A partial configuration merged over the default configuration of its paradigm. */
export function completed(catalogue, partial) {
  const config = mergeObjects(firstOf(catalogue, partial.paradigm), partial);
  return { ...config, layers: config.layers.map(completeLayer) };
}

function mergeObjects(base, changes) {
  if (!isObject(base) || !isObject(changes)) return changes;
  const merged = Object.entries(changes).map(([key, value]) => [key, mergeObjects(base[key], value)]);
  return { ...base, ...Object.fromEntries(merged) };
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Whether a schema is that of the paradigm of a configuration. */
export const describes = (schema, config) => schema.properties.paradigm.default === paradigmOf(config);

/** Fetches the schema of the draft's paradigm when the draft changes to another paradigm. */
export function followParadigm(store) {
  let pending = null;
  const fetchSchema = async (paradigm) => {
    pending = paradigm;
    const schema = await api.schema(paradigm).catch(() => null);
    if (pending === paradigm) pending = null;
    if (schema && paradigm === paradigmOf(store.get().draft)) store.set({ schema, livePatterns: livePatterns(schema) });
  };
  store.watch(({ schema, draft }) => {
    if (!schema || !draft || describes(schema, draft) || pending === paradigmOf(draft)) return;
    fetchSchema(paradigmOf(draft));
  });
}
