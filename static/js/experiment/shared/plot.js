// A plot on canvas with linear or logarithmic axes and their names.

import { themeColours } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { FONT, LARGE } from "../../panels/shared/axes.js";
import { fitCanvas } from "../../panels/shared/panel.js";
import { isFlat, ticks } from "../../panels/shared/scales.js";

const MARGIN = { left: 52 * LARGE, right: 14, top: 24 * LARGE, bottom: 36 * LARGE }; // as the text grows

/**
 * Draws a plot that fills the canvas's parent. `x`, `y`: { low, high, log, name }; `y` also with `labels`, pairs of a
 * value and its text, in place of ticks. `left` is the margin at the left in pixels; `marks(context, toX, toY, area,
 * colours)` draws the data, and `label` describes them for screen readers. Returns { area, toX, toY }, or null where
 * there is no space.
 */
export function plot(canvas, { x, y, marks, label, left = MARGIN.left }) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (width < left + 60 || height < 80) return null;
  fitCanvas(canvas, width, height);
  const [context, colours] = [canvas.getContext("2d"), themeColours()];
  const area = { x: left, y: MARGIN.top, width: width - left - MARGIN.right };
  area.height = height - MARGIN.top - MARGIN.bottom;
  const toX = (value) => area.x + area.width * position(x, value);
  const toY = (value) => area.y + area.height * (1 - position(y, value));
  context.clearRect(0, 0, width, height);
  drawAxes(context, { x, y, toX, toY, area, colours });
  context.save();
  context.beginPath();
  context.rect(area.x, area.y - 1, area.width + 1, area.height + 2);
  context.clip();
  marks(context, toX, toY, area, colours);
  context.restore();
  setAttribute(canvas, "aria-label", label);
  return { area, toX, toY };
}

/** The place of a value on an axis: 0 at its lower end, 1 at its upper one. */
export function position({ low, high, log }, value) {
  if (low === high) return 0.5;
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The axis of the finite values, which of a logarithmic one are above 0, a little wider than these. */
export function axisOf(values, log, name) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  if (low > high) return { low: log ? 0.1 : 0, high: 1, log, name };
  if (log) {
    const factor = 1.02 * (high / low) ** 0.04;
    return { low: low / factor, high: high * factor, log, name };
  }
  const space = isFlat(low, high) ? Math.abs(high) * 0.1 || 0.5 : (high - low) * 0.05;
  return { low: low >= 0 && low < space * 4 ? 0 : low - space, high: high + space, log, name };
}

/** Round values on an axis: of a logarithmic one the powers of ten, or 1, 2 and 5 times them where they are few. */
export function ticksOf({ low, high, log }, count) {
  if (!log) return ticks(low, high, count);
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  const all = [];
  for (let power = first; power <= last; power++) all.push(...factors.map((factor) => factor * 10 ** power));
  const inside = all.filter((value) => value >= low * 0.999 && value <= high * 1.001);
  const every = Math.max(1, Math.ceil(inside.length / (count * 1.5)));
  return inside.length > 1 ? inside.filter((_, i) => i % every === 0) : ticks(low, high, count);
}

function drawAxes(context, { x, y, toX, toY, area, colours }) {
  context.font = FONT;
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  const bottom = area.y + area.height;
  for (const value of ticksOf(x, Math.max(2, area.width / (90 * LARGE)))) {
    context.strokeRect(Math.round(toX(value)) + 0.5, area.y, 0, area.height);
    context.fillText(number(value), toX(value), bottom + 4);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const rows = Math.max(2, area.height / (44 * LARGE));
  const labels = y.labels ?? ticksOf(y, rows).map((value) => [value, number(value)]);
  for (const [value, text] of labels) {
    if (!y.labels) context.strokeRect(area.x, Math.round(toY(value)) + 0.5, area.width, 0);
    context.fillText(text, area.x - 6, toY(value));
  }
  drawNames(context, { x, y, area, colours });
}

function drawNames(context, { x, y, area, colours }) {
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(x.name, area.x + area.width, area.y + area.height + 34 * LARGE);
  context.textAlign = "left";
  context.textBaseline = "top";
  if (y.name) context.fillText(y.name, 2, 2);
}
