// The page's own sentences in place of the English messages of warnings. Loaded with the first warning.

import { t } from "../../core/text.js";

const LISTS = { activation: "activations", loss: "losses", suitable: "activations" };

/** Puts the sentences into the warnings of the run that have none yet. */
export function composeWarnings(store) {
  const { run, catalogue } = store.get();
  if (!run?.warnings) return;
  const own = ({ field, message, code, parameters }) =>
    ({ field, message: t(`form.warning.${code}`, shown(parameters, catalogue), message) });
  store.set({ run: { ...run, warnings: run.warnings.map((warning) => (warning.code ? own(warning) : warning)) } });
}

/** The titles of what the parameters name; several are joined by "or". */
function shown(parameters, catalogue) {
  const or = new Intl.ListFormat(document.documentElement.lang || "en", { type: "disjunction" });
  const entryOf = (key, name) =>
    key === "task" ? catalogue.tasks[name] : catalogue[LISTS[key]]?.find((entry) => entry.name === name);
  const text = ([key, value]) => [key, or.format([value].flat().map((name) => entryOf(key, name)?.title ?? name))];
  return Object.fromEntries(Object.entries(parameters).map(text));
}
