// Measures of a lesson's file, evaluated on the history of the run that the page shows.

/** The first measured step at which the curve is below or above the value, or its last value; null: never. */
export function measuredInHistory({ history: name, below, above }, history) {
  const values = history.columns[name] ?? history.metrics[name] ?? [];
  if (below === null && above === null) return values.findLast(Number.isFinite) ?? null;
  const index = values.findIndex((value) =>
    Number.isFinite(value) && ((below !== null && value < below) || (above !== null && value > above)));
  return index < 0 ? null : history.columns.step[index];
}

/** The value at a path in the answer of a view: names and indices joined by dots. */
export const valueAt = (frame, path) =>
  path.split(".").reduce((value, part) => (Array.isArray(value) ? value.at(part) : value[part]), frame);
