// The colour scale of a landscape.

import { span } from "../shared/chart.js";

/**
 * Losses span decades: the colours follow the logarithm of the distance to the lowest loss.
 * `share(loss)` is its place between 0 and 1, `at(share)` the inverse.
 */
export function lossScale(loss) {
  const [low, high] = span(loss);
  const unit = Math.max((high - low) * 0.03, 1e-12);
  const range = Math.log1p((high - low) / unit);
  return {
    low,
    high,
    share: (value) => Math.log1p(Math.max(0, value - low) / unit) / range,
    at: (share) => low + unit * Math.expm1(share * range),
  };
}
