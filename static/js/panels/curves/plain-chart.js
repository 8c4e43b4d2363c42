// The curves without any library: drawn until Plotly has arrived, in the same box with the same margins.

import { number } from "../../core/formats.js";
import { FONT, LARGE } from "../shared/axes.js";
import { ticks } from "../shared/scales.js";

export const MARGIN = { left: 50 * LARGE, right: 12 * LARGE, top: LARGE > 1 ? 36 : 24, bottom: LARGE > 1 ? 60 : 34 };
const DASHES = { train: [], validation: [2, 3], test: [7, 5] };

export function drawLightCurves(context, curves, { width, height, log, colours, end = null }) {
  const area = { x: MARGIN.left, y: MARGIN.top, width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  context.clearRect(0, 0, width, height);
  const range = ranges(curves, log, end);
  const place = {
    x: (value) => area.x + (area.width * value) / range.x,
    y: (value) => area.y + area.height - (area.height * ((log ? Math.log10(value) : value) - range.low)) / (range.high - range.low),
  };
  if (curves.length) grid(context, area, range, place, log, colours);
  for (const curve of curves) {
    if (curve.low) band(context, curve, place, log);
    line(context, curve, place, log);
  }
  if (end) endMark(context, place.x(end.x), place.y(end.y), area, colours);
}

/** A cross where the run diverged, and the word above. */
function endMark(context, x, y, area, colours) {
  const reach = 4 * LARGE;
  context.beginPath();
  for (const way of [-1, 1]) {
    context.moveTo(x - reach, y - way * reach);
    context.lineTo(x + reach, y + way * reach);
  }
  context.strokeStyle = context.fillStyle = colours.warning;
  context.lineWidth = 3;
  context.stroke();
  context.font = FONT;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText("✕ diverged", area.x + area.width, area.y - 4);
}

function ranges(curves, log, end) {
  const held = curves.flatMap(({ y, low = [], high = [] }) => [...y, ...low, ...high].filter((value) => value !== null && (!log || value > 0))).map((value) => (log ? Math.log10(value) : value));
  const [low, high] = held.length ? [Math.min(...held), Math.max(...held)] : [0, 1];
  const most = Math.max(1, end?.x ?? 1, ...curves.map(({ x }) => x.at(-1) ?? 1));
  return { x: most, low: log ? low - 0.1 : Math.min(0, low), high: high === low ? low + 1 : log || high > 0 ? high + (high - low) * 0.05 : 0 };
}

function grid(context, area, range, place, log, colours) {
  context.font = FONT;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(range.low, range.high, 5)) {
    const y = place.y(log ? 10 ** value : value);
    context.beginPath();
    context.moveTo(area.x, y);
    context.lineTo(area.x + area.width, y);
    context.stroke();
    context.fillText(number(log ? 10 ** value : value), area.x - 5, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(0, range.x, 5)) context.fillText(number(value), place.x(value), area.y + area.height + 5);
  context.fillText("step", area.x + area.width / 2, area.y + area.height + 19 * LARGE);
}

/** What lies between the lower and the upper edge. */
function band(context, { x, low, high, colour }, place, log) {
  const shown = x.map((_, i) => i).filter((i) => low[i] !== null && high[i] !== null && (!log || low[i] > 0));
  context.beginPath();
  for (const i of shown) context.lineTo(place.x(x[i]), place.y(low[i]));
  for (const i of shown.reverse()) context.lineTo(place.x(x[i]), place.y(high[i]));
  context.fillStyle = colour;
  context.globalAlpha = 0.24;
  context.fill();
  context.globalAlpha = 1;
}

function line(context, { part, x, y, colour }, place, log) {
  context.beginPath();
  context.setLineDash(DASHES[part] ?? []);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  x.forEach((step, i) => {
    if (y[i] !== null && (!log || y[i] > 0)) context.lineTo(place.x(step), place.y(y[i]));
  });
  context.stroke();
  context.setLineDash([]);
}
