// Which problem a configuration poses: its paradigm, its task, what it may learn from, and which views apply to it.

import { api } from "../core/api.js";
import { livePatterns } from "./form/config-changes.js";
import { getPath } from "../core/store.js";

export const paradigmOf = (config) => config.paradigm ?? "supervised";

const entryOf = (catalogue, config) => catalogue.paradigms.find((each) => each.name === paradigmOf(config));

/** The task of a configuration: the paradigm's own, or where it has several that of the data set. */
export function taskOf(catalogue, config) {
  const { tasks, source } = entryOf(catalogue, config);
  return tasks.length === 1 ? tasks[0] : catalogue[source.list].find((each) => each.name === getPath(config, source.field))?.task;
}

/** What a configuration learns from, as the catalogue describes it: a data set, or an environment. */
export function sourceOf(catalogue, config) {
  const { source } = (catalogue && config && entryOf(catalogue, config)) ?? {};
  return source ? catalogue[source.list].find((each) => each.name === getPath(config, source.field)) ?? null : null;
}

export const applies = (entry, task) => !entry?.applies_to || !task || entry.applies_to.includes(task);

/** What can be learned from for this task: {field, entries}. */
export function sourcesFor(catalogue, task) {
  const { source } = catalogue.paradigms.find((each) => each.tasks.includes(task));
  return { field: source.field, entries: catalogue[source.list].filter((each) => applies(each, task)) };
}

/** Whether a view is drawn for the run of this state; true as long as that cannot be known. */
export function viewApplies({ catalogue, run, draft }, name) {
  const config = run?.config ?? draft;
  return !catalogue || !config || applies(catalogue.views.find((each) => each.name === name), taskOf(catalogue, config));
}

/** The configuration to begin with where the present one is of another paradigm. */
export const firstOf = (catalogue, paradigm) => catalogue.paradigms.find((each) => each.name === paradigm)?.configuration;

/** A configuration of which some parts were given, completed part by part from that one. */
export function completed(catalogue, given) {
  const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const over = (base, part) => (plain(base) && plain(part) ? { ...base, ...Object.fromEntries(Object.entries(part).map(([key, value]) => [key, over(base[key], value)])) } : part);
  const whole = over(firstOf(catalogue, given.paradigm), given);
  return { ...whole, layers: whole.layers.map((layer) => ({ units: 8, activation: "tanh", alpha: null, dropout: 0, frozen: false, ...layer })) };
}

export const describes = (schema, config) => schema.properties.paradigm.default === paradigmOf(config);

/** Fetch the schema of another paradigm as soon as the draft is of that paradigm. */
export function followParadigm(store) {
  let coming = null;
  store.watch(({ schema, draft }) => {
    if (!schema || !draft || describes(schema, draft) || coming === paradigmOf(draft)) return;
    const paradigm = (coming = paradigmOf(draft));
    api.schema(paradigm).then((found) => paradigm === paradigmOf(store.get().draft) && store.set({ schema: found, livePatterns: livePatterns(found) }), () => null)
      .finally(() => (coming = coming === paradigm ? null : coming));
  });
}
