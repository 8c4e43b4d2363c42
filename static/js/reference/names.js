// Names of A, of B and of runs in a list.

import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { sourceOf } from "../studio/problem.js";

/** The name of a run, or its data and layers: "Spiral, 8-8". */
export function runName(catalogue, config) {
  if (config.name) return config.name;
  const data = sourceOf(catalogue, config)?.title ?? config.dataset?.name ?? "";
  const shape = config.layers.map(({ units }) => units).join("-") || t("gallery.no_hidden_layer");
  return t("gallery.run_title", { data, shape });
}

/** A in words: its step, and its attempt or its run if these are not the page's. */
export function nameOfA({ reference, run, catalogue }) {
  const { attempt, step, config } = reference;
  const values = { step: integer(step), attempt: integer(attempt + 1), run: runName(catalogue, config) };
  if (reference.run !== run?.id) return t("reference.a.other_run", values);
  return attempt === run.attempt ? t("reference.a.step", values) : t("reference.a.attempt", values);
}

/** B in words: the shown step, or the newest one, which it follows. */
export function nameOfB({ run, shown }) {
  const step = integer(shown?.step ?? run?.step ?? 0);
  return shown ? t("reference.b.shown", { step }) : t("reference.b.newest", { step });
}
