// Own data of a run whose name is gone, or names other data by now: they stay with the run. Fetched for runs of own data only.

import { same } from "../core/store.js";

/** Whether a run learns from own data whose name is gone; they stay with the run. */
export function isForgotten(catalogue, { config }) {
  const { name, content } = config.dataset ?? {};
  return Boolean(content) && !catalogue.datasets.some((set) => set.name === name);
}

/** Whether other data bear the name of the run's own data by now; with its points at hand, such as pose another problem. */
export function isReplaced(catalogue, { config }, points = null) {
  const { name, content } = config.dataset ?? {};
  const set = catalogue.datasets.find((each) => each.name === name);
  if (!content || !set?.own || set.own.content === content) return false;
  return !points || !["task", "inputs", "classes"].every((key) => same(set[key] ?? null, points[key] ?? null));
}

/** The catalogue with data of a run listed as what its points say of them, in place of others of their name. */
export function withForgotten(catalogue, { config }, { task, inputs, classes, image }) {
  const { name, content } = config.dataset;
  const instead = catalogue.datasets.find((each) => each.name === name); // what has the name by now
  const set = { name, title: name, instead, help: "kept with this run only", task, inputs, classes, image, parameters: {}, own: { content },
    features: inputs.map((input) => ({ name: input, title: input })), default_features: inputs };
  return { ...catalogue, datasets: [...catalogue.datasets.filter((each) => each.name !== name), set] };
}

/** The catalogue as it is, but for data of this very run that were listed in place of others. */
export function restored(catalogue, run = null) {
  const past = ({ instead, own }) => instead && own.content !== run?.config.dataset?.content;
  return catalogue.datasets.some(past) ? { ...catalogue, datasets: catalogue.datasets.map((set) => (past(set) ? set.instead : set)) } : catalogue;
}

/** Own data of the run on the page stay with it when their name is gone, or names others: they are listed as what its points say. */
export function listForgotten(store) {
  const { catalogue, points, run } = store.get();
  const known = restored(catalogue, run);
  const lacking = points?.run === run.id && (isForgotten(known, run) || isReplaced(known, run, points));
  const listed = lacking ? withForgotten(known, run, points) : known;
  if (listed !== catalogue) store.set({ catalogue: listed });
}
