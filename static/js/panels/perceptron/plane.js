// The plane of two inputs with the decision line of the perceptron, its earlier lines, and the examples.

import { classColour, css } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { drawAxes, drawAxisNames } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";
import { drawGlyph } from "../shared/shapes.js";
import { t } from "../../core/text.js";

const MARGIN = { left: 30, right: 8, top: 8, bottom: 24 };
const DARK = "#14172a";
const ARROW = 34; // pixels

export function drawPlane(canvas, frame, { points, colours }) {
  const box = canvas.parentElement;
  const size = Math.floor(Math.min(box.clientWidth, box.clientHeight || Infinity));
  if (!points || points.run !== frame.run || size < 60) return;
  fitCanvas(canvas, size, size);
  const context = canvas.getContext("2d");
  const area = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: size - MARGIN.left - MARGIN.right,
    height: size - MARGIN.top - MARGIN.bottom,
  };
  const axes = axesOf(points.train.inputs, area);
  context.clearRect(0, 0, size, size);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  drawLines(context, frame, axes, colours);
  drawExamples(context, points.train, lastMistake(frame), axes, colours);
  context.restore();
  drawAxes(context, axes, area, colours);
  drawAxisNames(context, area, ["x1", "x2"], colours);
  setAttribute(canvas, "aria-label", description(frame, points.train.inputs.length));
}

/** Both half-planes, earlier lines (older ones paler), the line with the largest margin, and the current line. */
function drawLines(context, frame, axes, colours) {
  const current = [...frame.weights, frame.bias];
  const earlier = recordedLines(frame).slice(0, -1);
  drawHalfPlanes(context, current, axes);
  earlier.forEach((line, i) => {
    const alpha = 0.12 + (0.5 * (i + 1)) / (earlier.length + 1);
    drawLine(context, line, axes, { colour: colours.accent, alpha, width: 1.4 });
  });
  if (frame.separator) {
    const separator = [...frame.separator.weights, frame.separator.bias];
    drawLine(context, separator, axes, { colour: colours.muted, alpha: 0.9, width: 1.2, dash: [5, 4] });
  }
  drawLine(context, current, axes, { colour: DARK, alpha: 1, width: 2.6 });
  drawNormal(context, current, axes);
}

function description({ weights: [w1, w2], bias, errors }, examples) {
  const line = `${number(w1)} x1 + ${number(w2)} x2 + ${number(bias)} = 0`;
  return t("panel.perceptron.plane_description", { line, examples, wrong: errors });
}

function axesOf(inputs, area) {
  const range = (k) => {
    const values = inputs.map((row) => row[k]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const pad = (values.length < 10 ? 0.5 : 0.1) * (high - low || 1);
    return [low - pad, high + pad];
  };
  const [x, y] = [range(0), range(1)];
  return {
    x,
    y,
    toX: (v) => area.x + (area.width * (v - x[0])) / (x[1] - x[0]),
    toY: (v) => area.y + area.height - (area.height * (v - y[0])) / (y[1] - y[0]),
  };
}

/** The last recorded lines, oldest first; the newest is the current one. */
function recordedLines({ way: trajectory }) {
  if (!trajectory?.complete) return [];
  const [count, width] = trajectory.lines.shape;
  const line = (i) => Array.from(trajectory.lines.subarray(i * width, (i + 1) * width));
  return Array.from({ length: count }, (_, i) => line(i));
}

/** Index of the example of the last mistake, or null. */
function lastMistake({ way: trajectory }) {
  return trajectory?.complete ? (trajectory.points.at(-1) ?? null) : null;
}

/** The part of the visible area in which side·(w·x + b) >= 0, as a polygon. */
function halfPlane([w1, w2, bias], { x, y }, side) {
  const corners = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ];
  const signed = ([p, q]) => side * (w1 * p + w2 * q + bias);
  return corners.flatMap((corner, i) => {
    const next = corners[(i + 1) % 4];
    const [a, b] = [signed(corner), signed(next)];
    const crossing = () => corner.map((value, k) => value + ((next[k] - value) * a) / (a - b));
    const cut = a < 0 !== b < 0 ? [crossing()] : [];
    return a >= 0 ? [corner, ...cut] : cut;
  });
}

/** Class 1 is drawn last because w·x + b = 0 belongs to it; zero weights and bias predict it everywhere. */
function drawHalfPlanes(context, line, axes) {
  for (const classIndex of [0, 1]) {
    const polygon = halfPlane(line, axes, classIndex ? 1 : -1);
    if (!polygon.length) continue;
    context.beginPath();
    for (const [x, y] of polygon) context.lineTo(axes.toX(x), axes.toY(y));
    context.fillStyle = "rgb(246,244,240)";
    context.fill();
    context.fillStyle = css(classColour(classIndex), 0.3);
    context.fill();
  }
}

/** The line across the visible area; nothing where both weights are 0. */
function drawLine(context, line, axes, { colour, alpha, width, dash = [] }) {
  const [w1, w2] = line;
  const norm = Math.hypot(w1, w2);
  if (!norm) return;
  const length = 4 * Math.max(axes.x[1] - axes.x[0], axes.y[1] - axes.y[0]);
  const [footX, footY] = footPoint(line, axes);
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  for (const distance of [-length, length])
    context.lineTo(axes.toX(footX - (distance * w2) / norm), axes.toY(footY + (distance * w1) / norm));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The point of the line that is nearest to the centre of the visible area. */
function footPoint([w1, w2, b], { x, y }) {
  const [middleX, middleY] = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const factor = (w1 * middleX + w2 * middleY + b) / (w1 * w1 + w2 * w2);
  return [middleX - factor * w1, middleY - factor * w2];
}

/** The arrow from the line towards class 1: the direction of w. */
function drawNormal(context, line, axes) {
  const [w1, w2] = line;
  if (!w1 && !w2) return;
  const [footX, footY] = footPoint(line, axes);
  const [x, y] = [axes.toX(footX), axes.toY(footY)];
  const direction = [axes.toX(w1) - axes.toX(0), axes.toY(w2) - axes.toY(0)];
  const scale = ARROW / Math.hypot(...direction);
  const [dx, dy] = direction.map((part) => part * scale);
  context.strokeStyle = context.fillStyle = DARK;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx, y + dy);
  context.stroke();
  context.beginPath();
  context.moveTo(x + dx * 1.2, y + dy * 1.2);
  context.lineTo(x + dx * 0.9 - dy * 0.16, y + dy * 0.9 + dx * 0.16);
  context.lineTo(x + dx * 0.9 + dy * 0.16, y + dy * 0.9 - dx * 0.16);
  context.fill();
}

/** The examples with the glyphs of their classes; a ring around the one of index `highlighted`. */
function drawExamples(context, { inputs, targets }, highlighted, axes, colours) {
  const radius = inputs.length < 10 ? 9 : inputs.length > 1000 ? 2.4 : 4;
  inputs.forEach(([px, py], i) => {
    drawGlyph(context, [targets[i]].flat()[0], "train", axes.toX(px), axes.toY(py), radius);
  });
  if (highlighted === null) return;
  const [x, y] = inputs[highlighted];
  context.beginPath();
  context.arc(axes.toX(x), axes.toY(y), radius + 6, 0, 2 * Math.PI);
  context.strokeStyle = colours.warning;
  context.lineWidth = 2.6;
  context.stroke();
}
