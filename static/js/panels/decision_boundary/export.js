// The values of the output map as they are saved by the panel's menu.

import { withExactFrames } from "../../studio/exact-frames.js";
import { plotData } from "./plot-data.js";

/** The values as columns, with one row per cell: its coordinates and outputs, and those of A if it is compared. */
export async function plotColumns(shownState) {
  const state = await withExactFrames(shownState, "view:decision_boundary", "view:unit");
  const plot = plotData(state);
  if (!plot?.values) return {};
  const { frame, values, rows, columns, outputs = 1 } = plot;
  const cells = Array.from({ length: rows * columns }, (_, i) => i);
  const coordinate = ([low, high], i, n) => low + (high - low) * (n > 1 ? i / (n - 1) : 0);
  const table = { [frame.axes[0]]: cells.map((i) => coordinate(frame.x, i % columns, columns)) };
  if (frame.axes[1]) table[frame.axes[1]] = cells.map((i) => coordinate(frame.y, Math.floor(i / columns), rows));
  for (let k = 0; k < outputs; k++) table[`output_${k}`] = cells.map((i) => values[k * cells.length + i]);
  return { step: frame.step, columns: table, ...state.referenceModule?.savedMaps(state, plot, table) };
}
