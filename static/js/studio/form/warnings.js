// The page's own sentences in place of the English messages of warnings. Loaded with the first warning.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const LISTS = { activation: "activations", loss: "losses", optimizer: "optimizers", suitable: "activations" };

/** Puts the sentences into the warnings of the run that have none yet. */
export function composeWarnings(store) {
  const { run, catalogue } = store.get();
  if (!run?.warnings) return;
  const own = ({ field, message, code, parameters }) =>
    ({ field, message: t(`form.warning.${code}`, shown(parameters, catalogue), message) });
  store.set({ run: { ...run, warnings: run.warnings.map((warning) => (warning.code ? own(warning) : warning)) } });
}

/** The titles of what the parameters name, several joined by "or", and numbers as text. */
function shown(parameters, catalogue) {
  const or = new Intl.ListFormat(document.documentElement.lang || "en", { type: "disjunction" });
  const entryOf = (key, name) =>
    key === "task" ? catalogue.tasks[name] : catalogue[LISTS[key]]?.find((entry) => entry.name === name);
  const titleOf = (key, name) => (typeof name === "number" ? number(name) : (entryOf(key, name)?.title ?? name));
  const text = ([key, value]) => [key, or.format([value].flat().map((name) => titleOf(key, name)))];
  return Object.fromEntries(Object.entries(parameters).map(text));
}
