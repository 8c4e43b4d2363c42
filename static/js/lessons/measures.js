// Measures of a lesson's file, evaluated on the history of the run that the page shows.

/** The first measured step at which a loss or metric is a number for which `isReached(value)` is true; null: never. */
export function firstStep({ columns, metrics }, name, isReached) {
  const values = columns[name] ?? metrics[name] ?? [];
  const index = values.findIndex((value) => Number.isFinite(value) && isReached(value));
  return index < 0 ? null : columns.step[index];
}

/** The first measured step at which the curve is below or above the value, or its last value; null: never. */
export function measuredInHistory({ history: name, below, above }, history) {
  if (below === null && above === null) {
    return (history.columns[name] ?? history.metrics[name])?.findLast(Number.isFinite) ?? null;
  }
  const isReached = (value) => (below !== null && value < below) || (above !== null && value > above);
  return firstStep(history, name, isReached);
}

/** The value at a path in the answer of a view: names and indices joined by dots. */
export const valueAt = (frame, path) =>
  path.split(".").reduce((value, part) => (Array.isArray(value) ? value.at(part) : value[part]), frame);
