// Whether a logarithmic axis shows more of several curves than a linear one.

const LARGE_RATIO = 20; // the largest value divided by the lower quartile of the last ones

/**
 * Whether all values are above 0 and a linear axis would show a quarter of the curves or more, at their ends, as one
 * line. `curves` are lists of values, with null where there is none.
 */
export function needsLog(curves) {
  const known = curves.map((values) => values.filter(Number.isFinite)).filter((values) => values.length);
  if (!known.length || known.some((values) => values.some((value) => value <= 0))) return false;
  const ends = known.map((values) => values.at(-1)).sort((a, b) => a - b);
  const largest = known.reduce((max, values) => values.reduce((most, value) => Math.max(most, value), max), 0);
  return largest > LARGE_RATIO * ends[Math.floor((ends.length - 1) / 4)];
}
