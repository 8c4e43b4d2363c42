// The name of a run: its own, or its data and the shape of its network.

import { sourcesFor, taskOf } from "../studio/problem.js";
import { getPath } from "../core/store.js";
import { t } from "../core/text.js";

/** The name of the data set or environment of a run, and its entry in the catalogue if it has one. */
export function dataOf(run, catalogue) {
  const task = taskOf(catalogue, run.config);
  const source = task && sourcesFor(catalogue, task);
  const name = source ? getPath(run.config, source.field) : run.config.dataset?.name;
  return { name, set: source?.entries.find((entry) => entry.name === name) };
}

/** "Spiral, 8-8", or the name that a user gave. */
export function runTitle(run, catalogue) {
  const { set, name } = dataOf(run, catalogue);
  return run.config.name || t("gallery.run_title", { data: set?.title ?? name, shape: shape(run.config) });
}

function shape({ layers }) {
  if (!layers.length) return t("gallery.no_hidden_layer");
  return layers.length > 5 ? t("gallery.layers", { count: layers.length }) : layers.map(({ units }) => units).join("-");
}
