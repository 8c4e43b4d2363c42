// The measured values of an earlier step, as a run has those of the newest one in `latest`.

import { countUpTo } from "./recorded.js";

/** The values of the last measured point up to a step by name; NaN where nothing was measured. */
export function measuredAt({ columns, metrics }, step) {
  const index = countUpTo(columns.step, step) - 1;
  const values = { ...columns, ...metrics };
  return Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column[index] ?? NaN]));
}
