// A chart on canvas for panels that redraw often: a grid with two named axes, lines and dots.

import { h, setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { FONT } from "./axes.js";
import { fitCanvas } from "./panel.js";
import { isFlat, ticks } from "./scales.js";

const MARGIN = { left: 46, right: 18, top: 10, bottom: 32 };
const NAME_HEIGHT = 14; // CSS pixels above the plot for the name of the vertical axis

/** The canvas inside an element, created at the first call. */
export function canvasIn(element, className) {
  const wrapper = element.firstElementChild;
  if (wrapper?.classList.contains(className)) return wrapper.firstElementChild;
  const canvas = h("canvas", { role: "img" });
  element.replaceChildren(h("div", { class: `chart ${className}` }, canvas));
  return canvas;
}

/**
 * Draws a chart that fills the canvas's parent. `x`, `y`: {low, high, name}; with `y.log` the values of y are
 * logarithms to base 10, and its ticks the numbers themselves; `marks(context, toX, toY, area)` draws the
 * data, clipped to the area; `label` describes the chart for screen readers; `beside` is the width that is left free at
 * the right, for a legend. Returns {area, toX, toY}, or null where there is no space.
 */
export function chart(canvas, { x, y, colours, marks, label, beside = 0 }) {
  const box = canvas.parentElement;
  const [width, height] = [box.clientWidth - beside, box.clientHeight];
  if (width < 60 || height < 60) return null;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const top = MARGIN.top + (y.name ? NAME_HEIGHT : 0);
  const area = {
    x: MARGIN.left,
    y: top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - top - MARGIN.bottom,
  };
  const toX = (value) => area.x + (area.width * (value - x.low)) / (x.high - x.low || 1);
  const toY = (value) => area.y + area.height - (area.height * (value - y.low)) / (y.high - y.low || 1);
  grid(context, { x, y, toX, toY, area, colours });
  context.save();
  context.beginPath();
  context.rect(area.x - 1, area.y - 1, area.width + 2, area.height + 2);
  context.clip();
  marks(context, toX, toY, area);
  context.restore();
  setAttribute(canvas, "aria-label", label);
  return { area, toX, toY };
}

/** The logarithms of about `count` round numbers: powers of ten, or also 2 and 5 times these. */
function logarithmicTicks(low, high, count) {
  const factors = high - low < count / 3 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((high - low) / count));
  const result = [];
  for (let power = Math.floor(low); power <= high; power += every)
    result.push(...factors.map((factor) => power + Math.log10(factor)));
  return result.filter((value) => value >= low - 1e-9 && value <= high + 1e-9);
}

function grid(context, { x, y, toX, toY, area, colours }) {
  context.font = FONT;
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(x.low, x.high, Math.max(2, area.width / 80))) {
    context.strokeRect(Math.round(toX(value)) + 0.5, area.y, 0, area.height);
    context.fillText(number(value), toX(value), area.y + area.height + 4);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const rows = Math.max(2, area.height / 40);
  for (const value of y.log ? logarithmicTicks(y.low, y.high, rows) : ticks(y.low, y.high, rows)) {
    context.strokeRect(area.x, Math.round(toY(value)) + 0.5, area.width, 0);
    context.fillText(number(y.log ? 10 ** value : value), area.x - 5, toY(value));
  }
  context.fillStyle = colours.text;
  context.textBaseline = "bottom";
  context.fillText(x.name, area.x + area.width, area.y + area.height + 31);
  context.textAlign = "left";
  context.textBaseline = "top";
  if (y.name) context.fillText(y.name, 4, 2);
}

/** A line through the points that are numbers. */
export function line(context, xs, ys, toX, toY, { colour, width = 2, dash = [] }) {
  context.beginPath();
  for (let i = 0; i < ys.length; i++) if (Number.isFinite(ys[i])) context.lineTo(toX(xs[i]), toY(ys[i]));
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

export function dot(context, x, y, radius, fill, edge) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 1.2;
  context.stroke();
}

/** [lowest, highest] finite number of the lists; widened where these are nearly equal, [0, 1] where there is none. */
export function rangeOf(...lists) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists)
    for (const value of list)
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low > high ? [0, 1] : isFlat(low, high) ? [low - 0.5, high + 0.5] : [low, high];
}
