// Draws the difference of two output maps: a map, a curve, or one map per output.

import { t } from "../core/text.js";
import { grid } from "../panels/decision_boundary/outputs.js";
import { axesOf } from "../panels/decision_boundary/plot-data.js";
import { drawAxes, drawAxisNames, FONT } from "../panels/shared/axes.js";
import { drawCurve } from "../panels/shared/curve1d.js";
import { paint, signedImage, traceLevel } from "../panels/shared/heat-map.js";

const LINE = "rgba(22,26,40,.85)";

/** `difference` and `changed` as compare.js returns them; `plot` and `plotA` are the plots of B and A. */
export function drawDifference(context, area, { state, plot, plotA, difference, changed }) {
  if (plot.kind === "all_outputs") return drawOutputs(context, area, plot, difference, state.colours);
  const axes = axesOf(plot, area, state, null);
  if (plot.kind === "curve") return drawFunction(context, area, { axes, plot, difference }, state.colours);
  const { values, rows, columns, scale } = difference;
  paint(context, signedImage("difference", values, rows, columns, scale), area.x, area.y, area.width, area.height);
  if (changed) drawBoundaries(context, area, { plot, plotA, changed });
  drawAxes(context, axes, area, state.colours);
  drawAxisNames(context, area, plot.frame.axes, state.colours);
}

/** The boundary of B, and that of A dashed; of a map of classes the edge of the places that changed. */
function drawBoundaries(context, area, { plot, plotA, changed }) {
  const { rows, columns } = plot;
  const level = plot.kind === "probability" ? 0.5 : plot.scale?.centre;
  context.strokeStyle = LINE;
  context.lineWidth = 1.2;
  if (plot.kind === "classes") {
    traceLevel(context, changed, rows, columns, 0.5, area);
    return context.stroke();
  }
  traceLevel(context, plot.values, rows, columns, level, area);
  context.stroke();
  // The path consists of short pieces: dashes are made by leaving pieces out.
  traceLevel(dashed(context), plotA.values, rows, columns, level, area);
  context.stroke();
}

/** Receives the pieces of a path and passes two of every four on. */
function dashed(context) {
  let count = 0;
  const isKept = () => count % 4 < 2;
  return {
    beginPath: () => context.beginPath(),
    moveTo: (x, y) => isKept() && context.moveTo(x, y),
    lineTo: (x, y) => {
      if (isKept()) context.lineTo(x, y);
      count += 1;
    },
  };
}

function drawFunction(context, area, { axes, plot, difference }, colours) {
  const { reach } = difference.scale;
  const toY = (y) => area.y + (area.height * (reach - y)) / (2 * reach);
  const own = { ...axes, y: [-reach, reach], toY };
  drawCurve(context, difference, area, own, colours);
  drawAxes(context, own, area, colours);
  drawAxisNames(context, area, [plot.frame.axes[0]], colours);
}

function drawOutputs(context, area, { names }, { values, outputs, rows, columns, scale }, colours) {
  const size = rows * columns;
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  grid(outputs, area).forEach(({ x, y, width, height }, k) => {
    const part = values.subarray(k * size, (k + 1) * size);
    paint(context, signedImage(`difference-${k}`, part, rows, columns, scale), x, y, width, height);
    context.fillText(names?.[k] ?? t("panel.decision_boundary.output", { index: k }), x, y - 2, width);
  });
}
