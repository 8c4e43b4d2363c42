// The colour scale of a landscape.

import { rangeOf } from "../shared/chart.js";

/**
 * Losses span decades, so the scale is logarithmic in the distance to the lowest loss. `fractionOf(loss)` is from 0 to
 * 1, `lossAt(fraction)` is its inverse.
 */
export function lossScale(loss) {
  const [low, high] = rangeOf(loss);
  const unit = Math.max((high - low) * 0.03, 1e-12);
  const range = Math.log1p((high - low) / unit);
  return {
    low,
    high,
    fractionOf: (loss) => Math.log1p(Math.max(0, loss - low) / unit) / range,
    lossAt: (fraction) => low + unit * Math.expm1(fraction * range),
  };
}
