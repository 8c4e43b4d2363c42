// The space around the axes of the curves, on the canvas and with Plotly.

import { LARGE } from "../shared/axes.js";

export const MARGIN = { left: 50 * LARGE, right: 12 * LARGE, top: LARGE > 1 ? 36 : 24, bottom: LARGE > 1 ? 60 : 34 };
