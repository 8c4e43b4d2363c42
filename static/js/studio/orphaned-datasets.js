// Orphaned data sets: imported data of a run whose name was deleted or replaced. Loaded only if a run needs it.

import { same } from "../core/store.js";
import { t } from "../core/text.js";

/** Whether the name of the imported data of a run was deleted. */
export function isDeleted(catalogue, { config }) {
  const { name, content } = config.dataset ?? {};
  return Boolean(content) && !catalogue.datasets.some((set) => set.name === name);
}

/** Whether the name of the imported data of a run now has other data; with `points`, data of another problem. */
export function isReplaced(catalogue, { config }, points = null) {
  const { name, content } = config.dataset ?? {};
  const set = catalogue.datasets.find((entry) => entry.name === name);
  if (!content || !set?.own || set.own.content === content) return false;
  return !points || !["task", "inputs", "classes"].every((key) => same(set[key] ?? null, points[key] ?? null));
}

/** The catalogue with the data of a run, described by its points, in place of other data of their name. */
export function withOrphaned(catalogue, { config }, { task, inputs, classes, image }) {
  const { name, content } = config.dataset;
  const replacedBy = catalogue.datasets.find((entry) => entry.name === name); // the data that have the name now
  const set = {
    name, title: name, replacedBy, help: t("studio.orphaned_dataset"), task, inputs, classes, image, parameters: {},
    own: { content }, features: inputs.map((input) => ({ name: input, title: input })), default_features: inputs,
  };
  return { ...catalogue, datasets: [...catalogue.datasets.filter((entry) => entry.name !== name), set] };
}

/** The catalogue without the orphaned data sets of other runs. */
export function restored(catalogue, run = null) {
  const isOrphaned = ({ replacedBy, own }) => replacedBy && own.content !== run?.config.dataset?.content;
  if (!catalogue.datasets.some(isOrphaned)) return catalogue;
  return { ...catalogue, datasets: catalogue.datasets.map((set) => (isOrphaned(set) ? set.replacedBy : set)) };
}

/** Updates the catalogue in the state: the only orphaned data set in it is that of the page's run. */
export function listOrphaned(store) {
  const { catalogue, points, run } = store.get();
  const others = restored(catalogue, run);
  const isOrphaned = points?.run === run.id && (isDeleted(others, run) || isReplaced(others, run, points));
  const updated = isOrphaned ? withOrphaned(others, run, points) : others;
  if (updated !== catalogue) store.set({ catalogue: updated });
}
