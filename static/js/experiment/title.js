// The title of an experiment, also in the list of all.

import { t } from "../core/text.js";
import { paradigmEntry } from "../studio/problem.js";

/** Its name, or "Two moons · Learning rate: 8 values" for the `varied` fields in words. */
export function titleOf(catalogue, { name, paradigm, source }, varied) {
  if (name) return name;
  if (!source) return varied; // the members have different data
  return t("experiment.title_without_name", { source: sourceTitle(catalogue, paradigm, source), varied });
}

/** The title of the data set or environment of a name; the name of an imported one. */
function sourceTitle(catalogue, paradigm, name) {
  const { list } = paradigmEntry(catalogue, { paradigm }).source;
  return catalogue[list].find((entry) => entry.name === name)?.title ?? name;
}
