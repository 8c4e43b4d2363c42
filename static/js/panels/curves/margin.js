// The space around the axes of the curves, on the canvas and with Plotly.

import { LARGE, PRESENT } from "../shared/axes.js";

const [top, bottom] = PRESENT ? [36, 60] : [24 * LARGE, 34 * LARGE];
/** With a score the axis at the right has labels and a name. */
export const rightMargin = (score) => (score ? 58 : 12) * LARGE;
export const MARGIN = { left: 50 * LARGE, top, bottom };
