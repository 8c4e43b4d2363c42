// The paradigm, the task and the data source of a configuration, and the views that apply to it.

import { getPath } from "../core/store.js";

export const paradigmOf = (config) => config.paradigm ?? "supervised";

const byName = (entries, name) => entries.find((entry) => entry.name === name);

/** The catalogue entry of the paradigm of a configuration. */
export const paradigmEntry = (catalogue, config) => byName(catalogue.paradigms, paradigmOf(config));

/** The task of a configuration: that of its paradigm or, if the paradigm has several, that of its data source. */
export function taskOf(catalogue, config) {
  const { tasks, source } = paradigmEntry(catalogue, config);
  return tasks.length === 1 ? tasks[0] : byName(catalogue[source.list], getPath(config, source.field))?.task;
}

/** The catalogue entry of the data set or environment of a configuration, or null. */
export function sourceOf(catalogue, config) {
  const { source } = (catalogue && config && paradigmEntry(catalogue, config)) ?? {};
  return source ? byName(catalogue[source.list], getPath(config, source.field)) ?? null : null;
}

/**
 * The names of the features that the data of the draft offer; null if the inputs cannot be chosen. Those of an
 * environment depend on its parameters: the points of the run contain them.
 */
export function offeredFeatures({ catalogue, schema, draft, points }) {
  const { features, image, series, actions } = (schema?.properties.features && sourceOf(catalogue, draft)) ?? {};
  if (!features || image || series) return null;
  return (actions && points?.task === "control" && points.inputs) || features.map(({ name }) => name);
}

export const applies = (entry, task) => !entry?.applies_to || !task || entry.applies_to.includes(task);

/** Whether data of a task are offered: an autoencoder can compress those with at least three inputs. */
export const isOffered = (entry, task, selected) =>
  applies(entry, task) && (task !== "reconstruction" || !(entry.inputs?.length < 3) || entry.name === selected);

/** The data sets or environments for a task: {field, entries}; `field` is the path of their name in a configuration. */
export function sourcesFor(catalogue, task) {
  const { source } = catalogue.paradigms.find((paradigm) => paradigm.tasks.includes(task));
  return { field: source.field, entries: catalogue[source.list].filter((entry) => applies(entry, task)) };
}

/** Whether a view applies to the run of this state; true while catalogue or configuration are not loaded. */
export function viewApplies({ catalogue, run, draft }, name) {
  const config = run?.config ?? draft;
  return !catalogue || !config || applies(byName(catalogue.views, name), taskOf(catalogue, config));
}

/** The default configuration of a paradigm on this page, whose runs pause while they have no viewer. */
export const defaultOf = (catalogue, paradigm) =>
  ({ ...byName(catalogue.paradigms, paradigm)?.configuration, unwatched: "pause" });

/** Whether a schema is that of the paradigm of a configuration. */
export const isSchemaOf = (schema, config) => schema.properties.paradigm.default === paradigmOf(config);
