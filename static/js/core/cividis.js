// The colour map cividis, for magnitudes.

import { ramp } from "./colours.js";

const CIVIDIS = [
  [0, [0, 34, 78]], [0.125, [18, 53, 112]], [0.25, [59, 73, 108]], [0.375, [87, 93, 109]],
  [0.5, [112, 113, 115]], [0.625, [138, 134, 120]], [0.75, [165, 156, 116]], [0.875, [195, 179, 105]],
  [0.95, [225, 204, 85]], [1, [254, 232, 56]],
];

export const cividis = (t) => ramp(CIVIDIS, Math.min(1, Math.max(0, t)));
