// Further modes of the output map: a curve over one input, classes, the probability of one class, all outputs side by
// side, and a surface.

import { cividis } from "../../core/cividis.js";
import { coloursOf, css, pack, pale } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { feature, number, separators } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";
import { drawClassMarks } from "../shared/class-marks.js";
import { drawCurve, drawResiduals } from "../shared/curve1d.js";
import { paint, paintPale, signedImage, traceLevel } from "../shared/heat-map.js";
import { classImage, image } from "../shared/images.js";
import { colourBar } from "../shared/legend.js";
import { plottedPoints } from "../shared/points.js";
import { firstValue } from "../shared/scales.js";

const MAX_SURFACE_COLUMNS = 50;
const MAX_SURFACE_POINTS = 1500;
const TABLE = Uint32Array.from({ length: 256 }, (_, i) => pack(cividis(i / 255)));
const RAMP_STOPS = Array.from({ length: 9 }, (_, i) => css(pale(cividis(i / 8))));
const RAMP = `linear-gradient(90deg, ${RAMP_STOPS.join(", ")})`;

/** The legend of probabilities. */
export const probabilityLegend = () => colourBar(RAMP, ["0", t("panel.shared.legend.probability"), "1"]);

const legendEntry = (symbol, text) => h("span", {}, h("i", { class: symbol }), text);

/** The legend of the output over a single input. */
export const curveLegend = (residuals) => h("div", { class: "swatches" },
  legendEntry("stroke-key", t("panel.shared.legend.network")),
  residuals && legendEntry("residual-key", t("panel.shared.legend.residual")));

/** The output, or that of a unit, over a single input; with the residuals of the points if they are shown. */
export function drawFunction(context, plot, area, state, axes, unit) {
  drawCurve(context, plot, area, axes, state.colours);
  if (!state.residuals || unit || state.points?.run !== plot.frame.run) return;
  drawResiduals(context, plot, area, axes, plottedPoints(state, plot.frame), state.colours);
}

/** Probabilities from 0 to 1 in the colours for magnitudes. */
function probabilities(key, values, rows, columns) {
  return image(key, rows, columns, (i) => {
    const value = values[i];
    return value === value ? TABLE[Math.round(255 * Math.min(1, Math.max(0, value)))] : pack([246, 244, 240]);
  });
}

/** The class with the largest output in every cell; with its shape where the points do not show which it is. */
export function drawClasses(context, { frame, values, outputs, rows, columns }, area, { discretise, points }) {
  paintPale(context, classImage("boundary", values, outputs, rows, columns, discretise), area, !discretise);
  const isAlone = frame.projected || points?.task === "control";
  if (isAlone) drawClassMarks(context, values, outputs, rows, columns, area);
}

/** The probability of one class, with the line at one half. */
export function drawProbability(context, { values, rows, columns }, area) {
  paintPale(context, probabilities("probability", values, rows, columns), area);
  levelLine(context, values, rows, columns, area, 0.5, "rgba(22,26,40,.8)");
}

function levelLine(context, values, rows, columns, area, level, colour) {
  traceLevel(context, values, rows, columns, level, area);
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  context.stroke();
}

/** One map per output with its name, over the same ranges. */
export function drawAllOutputs(context, { values, outputs, rows, columns, scale, names }, area, colours) {
  const size = rows * columns;
  const cells = grid(outputs, area);
  context.font = FONT;
  for (let k = 0; k < outputs; k++) {
    const cell = cells[k];
    const part = values.subarray(k * size, (k + 1) * size);
    const map = scale
      ? signedImage(`output-${k}`, part, rows, columns, scale)
      : probabilities(`output-${k}`, part, rows, columns);
    paint(context, map, cell.x, cell.y, cell.width, cell.height);
    const [level, colour] = scale ? [scale.centre, "rgba(22,26,40,.8)"] : [0.5, "rgba(255,255,255,.9)"];
    levelLine(context, part, rows, columns, cell, level, colour);
    context.fillStyle = colours.text;
    context.textAlign = "left";
    context.textBaseline = "bottom";
    const name = names?.[k] ?? t("panel.decision_boundary.output", { index: k });
    context.fillText(name, cell.x, cell.y - 2, cell.width);
  }
}

/** Squares for the maps of all outputs, with space for a name above each. */
export function grid(count, { x, y, width, height }) {
  const [gap, title] = [6, 16]; // CSS pixels
  const across = Math.ceil(Math.sqrt(count));
  const down = Math.ceil(count / across);
  const side = Math.min((width - gap * (across - 1)) / across, (height - (title + 4) * down) / down);
  return Array.from({ length: count }, (_, k) => ({
    x: x + (k % across) * (side + gap),
    y: y + Math.floor(k / across) * (side + title + 4) + title,
    width: side,
    height: side,
  }));
}

/** The colours of a scale for Plotly. */
const stops = (scale) => Array.from({ length: 17 }, (_, i) => [i / 16, css(coloursOf(scale)(i / 16))]);

/** The output as a Plotly surface, with the points at their targets. */
export function drawSurface(stack, plot, points, { colours, size }) {
  const box = stack.querySelector(".boundary-surface") ?? createBox(stack);
  const [surface, markers] = [surfaceTrace(plot), pointTrace(plot.scale, points.slice(0, MAX_SURFACE_POINTS))];
  const layout = surfaceLayout(plot.frame.axes, colours, [stack.clientWidth, stack.clientHeight || size]);
  const options = { displaylogo: false, displayModeBar: false, plotlyServerURL: "" };
  window.Plotly.react(box, [surface, markers], layout, options);
  const values = { axes: plot.frame.axes.join(", "), low: number(surface.cmin), high: number(surface.cmax) };
  box.setAttribute("aria-label", t("panel.decision_boundary.surface", { ...values, count: markers.x.length }));
}

const createBox = (stack) => stack.appendChild(h("div", { class: "boundary-surface", role: "img" }));

const colourRange = (scale) =>
  ({ colorscale: stops(scale), cmin: scale.centre - scale.reach, cmax: scale.centre + scale.reach });

/** About MAX_SURFACE_COLUMNS columns and rows of the values. */
function surfaceTrace({ frame, values, rows, columns, scale }) {
  const skip = Math.max(1, Math.floor(columns / MAX_SURFACE_COLUMNS));
  const sampledIndices = (count) => Array.from({ length: count }, (_, i) => i).filter((i) => i % skip === 0);
  const positions = ([low, high], count) => sampledIndices(count).map((i) => low + ((high - low) * i) / (count - 1));
  return {
    type: "surface",
    x: positions(frame.x, columns),
    y: positions(frame.y, rows),
    z: sampledIndices(rows).map((row) => sampledIndices(columns).map((column) => values[row * columns + column])),
    ...colourRange(scale),
    showscale: false,
    hovertemplate: "%{z:.3g}<extra></extra>",
    contours: { z: { show: true, usecolormap: false, color: "rgba(30,34,50,.25)" } },
  };
}

function pointTrace(scale, points) {
  const z = points.map(({ target }) => firstValue(target));
  const line = { width: 0.5, color: "rgba(20,24,40,.75)" };
  return {
    type: "scatter3d",
    mode: "markers",
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    z,
    marker: { size: 2.4, color: z, ...colourRange(scale), line },
    hovertemplate: `${t("panel.decision_boundary.target")} %{z:.3g}<extra></extra>`,
    showlegend: false,
  };
}

function surfaceLayout([x, y], colours, [width, height]) {
  const font = { color: colours.text, size: 10 };
  const tickfont = { size: 9, color: colours.muted };
  const axis = (text) => ({ title: { text, font }, gridcolor: colours.line, color: colours.muted, tickfont });
  const scene = {
    xaxis: axis(feature(x)),
    yaxis: axis(feature(y)),
    zaxis: axis(t("panel.decision_boundary.output_axis")),
    camera: { eye: { x: 1.35, y: -1.35, z: 0.95 } },
    aspectmode: "manual",
    aspectratio: { x: 1.2, y: 1.2, z: 0.8 },
  };
  const margin = { l: 0, r: 0, t: 0, b: 0 };
  return {
    width, height, margin, paper_bgcolor: "rgba(0,0,0,0)", uirevision: "keep", font, scene, separators: separators(),
  };
}

/** Removes the surface; otherwise the menu would save it as the image instead of the map. */
export function clearSurface(stack) {
  const box = stack.querySelector(".boundary-surface");
  if (!box) return;
  window.Plotly?.purge(box);
  box.remove();
}
