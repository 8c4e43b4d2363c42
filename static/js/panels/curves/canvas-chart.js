// The curves on a canvas, until Plotly is loaded.

import { number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";
import { ticks } from "../shared/scales.js";
import { MARGIN, rightMargin } from "./margin.js";
import { scoreRange } from "./score-range.js";

const DASHES = { train: [], validation: [2, 3], test: [7, 5], score: [7, 3, 2, 3] };

export function drawCurves(context, curves, { width, height, log, colours, score, end = null }) {
  const area = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: width - MARGIN.left - rightMargin(score),
    height: height - MARGIN.top - MARGIN.bottom,
  };
  context.clearRect(0, 0, width, height);
  const range = ranges(curves, log, end);
  const scale = {
    x: (value) => area.x + (area.width * value) / range.x,
    y: (value) =>
      area.y +
      area.height -
      (area.height * ((log ? Math.log10(value) : value) - range.low)) / (range.high - range.low),
  };
  if (curves.length) grid(context, area, range, scale, log, colours);
  for (const curve of curves) {
    if (curve.low) band(context, curve, scale, log);
    line(context, curve, scale, log);
  }
  if (score) drawScore(context, score, scale, area);
  if (end) endMark(context, scale.x(end.x), scale.y(end.y), area, colours);
}

/** The score, with the labels and the name of its axis at the right. */
function drawScore(context, score, scale, area) {
  const [low, high] = scoreRange(score);
  const own = { x: scale.x, y: (value) => area.y + (area.height * (high - value)) / (high - low) };
  const right = area.x + area.width;
  line(context, score, own, false);
  context.fillStyle = score.colour;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const label = (value) => (score.column.endsWith("accuracy") ? percent(value) : number(value));
  for (const value of ticks(low, high, 5)) context.fillText(label(value), right + 5, own.y(value));
  context.save();
  context.translate(right + rightMargin(score) - 4, area.y + area.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(score.title, 0, 0);
  context.restore();
}

/** A cross at the point of the divergence, with a label. */
function endMark(context, x, y, area, colours) {
  const half = 4 * LARGE;
  context.beginPath();
  for (const direction of [-1, 1]) {
    context.moveTo(x - half, y - direction * half);
    context.lineTo(x + half, y + direction * half);
  }
  context.strokeStyle = context.fillStyle = colours.warning;
  context.lineWidth = 3;
  context.stroke();
  context.font = FONT;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(`✕ ${t("panel.curves.diverged")}`, area.x + area.width, area.y - 4);
}

function ranges(curves, log, end) {
  const drawable = (value) => value !== null && (!log || value > 0);
  const all = curves.flatMap(({ y, low = [], high = [] }) => [...y, ...low, ...high]).filter(drawable);
  const values = log ? all.map(Math.log10) : all;
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const lastStep = Math.max(1, end?.x ?? 1, ...curves.map(({ x }) => x.at(-1) ?? 1));
  const top = log || high > 0 ? high + (high - low) * 0.05 : 0;
  return { x: lastStep, low: log ? low - 0.1 : Math.min(0, low), high: high === low ? low + 1 : top };
}

function grid(context, area, range, scale, log, colours) {
  context.font = FONT;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(range.low, range.high, 5)) {
    const y = scale.y(log ? 10 ** value : value);
    context.beginPath();
    context.moveTo(area.x, y);
    context.lineTo(area.x + area.width, y);
    context.stroke();
    context.fillText(number(log ? 10 ** value : value), area.x - 5, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(0, range.x, 5)) context.fillText(number(value), scale.x(value), area.y + area.height + 5);
  context.fillText(t("panel.curves.step"), area.x + area.width / 2, area.y + area.height + 19 * LARGE);
}

/** The area between the lower and the upper percentile. */
function band(context, { x, low, high, colour }, scale, log) {
  const drawable = x.map((_, i) => i).filter((i) => low[i] !== null && high[i] !== null && (!log || low[i] > 0));
  context.beginPath();
  for (const i of drawable) context.lineTo(scale.x(x[i]), scale.y(low[i]));
  for (const i of drawable.reverse()) context.lineTo(scale.x(x[i]), scale.y(high[i]));
  context.fillStyle = colour;
  context.globalAlpha = 0.24;
  context.fill();
  context.globalAlpha = 1;
}

function line(context, { part, x, y, colour, thin }, scale, log) {
  context.beginPath();
  context.setLineDash(DASHES[part] ?? []);
  context.strokeStyle = colour;
  context.lineWidth = thin ? 1 : 2;
  x.forEach((step, i) => {
    if (y[i] !== null && (!log || y[i] > 0)) context.lineTo(scale.x(step), scale.y(y[i]));
  });
  context.stroke();
  context.setLineDash([]);
}
