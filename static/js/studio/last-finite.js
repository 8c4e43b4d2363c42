// The tooltip of a quantity of a diverged run. Loaded when a run has diverged.

import { integer, steady } from "../core/formats.js";
import { t } from "../core/text.js";

/** The last finite value of a recorded quantity with its step. */
export function lastFinite({ columns, metrics }, name) {
  const values = columns[name] ?? metrics[name] ?? [];
  const index = values.findLastIndex(Number.isFinite);
  if (index < 0) return t("studio.state.diverged");
  return t("studio.counter.diverged", { value: steady(values[index]), step: integer(columns.step[index]) });
}
