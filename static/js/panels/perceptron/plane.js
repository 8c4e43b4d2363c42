// The plane of two inputs with the perceptron's line, its earlier lines, and the examples.

import { classColour, css } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { drawAxes, nameAxes } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";
import { t } from "../../core/text.js";

const MARGIN = { left: 30, right: 8, top: 8, bottom: 24 };

export function drawLines(canvas, frame, state) {
  const { points, colours } = state;
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
  const now = [...frame.weights, frame.bias];
  shade(context, now, axes);
  const lines = linesOf(frame);
  lines.slice(0, -1).forEach((line, i) =>
    stroke(context, line, axes, {
      colour: colours.accent,
      alpha: 0.12 + (0.5 * (i + 1)) / lines.length,
      width: 1.4,
    }),
  );
  if (frame.separator)
    stroke(context, [...frame.separator.weights, frame.separator.bias], axes, {
      colour: colours.muted,
      alpha: 0.9,
      width: 1.2,
      dash: [5, 4],
    });
  stroke(context, now, axes, { colour: "#14172a", alpha: 1, width: 2.6 });
  arrow(context, now, axes);
  examples(context, points, frame, axes, colours);
  context.restore();
  drawAxes(context, axes, area, colours);
  nameAxes(context, area, ["x1", "x2"], colours);
  setAttribute(
    canvas,
    "aria-label",
    t("panel.perceptron.plane_description", {
      line: `${number(now[0])} x1 + ${number(now[1])} x2 + ${number(now[2])} = 0`,
      examples: points.train.inputs.length,
      wrong: frame.errors,
    }),
  );
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

/** The last lines, the oldest first; the newest is where the perceptron stands. */
function linesOf({ way }) {
  if (!way?.complete) return [];
  const [count, width] = way.lines.shape;
  return Array.from({ length: count }, (_, i) => Array.from(way.lines.subarray(i * width, (i + 1) * width)));
}

/** The part of the window in which side·(w·x + b) >= 0, as a polygon. */
export function halfPlane([w1, w2, b], { x, y }, side) {
  const corners = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ];
  const height = ([p, q]) => side * (w1 * p + w2 * q + b);
  return corners.flatMap((corner, i) => {
    const next = corners[(i + 1) % 4];
    const [here, there] = [height(corner), height(next)];
    const cut =
      here < 0 !== there < 0 ? [corner.map((value, k) => value + ((next[k] - value) * here) / (here - there))] : [];
    return here >= 0 ? [corner, ...cut] : cut;
  });
}

/** Class 1 last: where w·x + b = 0 the step says 1, before the first mistake that is everywhere. */
function shade(context, line, axes) {
  for (const [side, colour] of [
    [-1, classColour(0)],
    [1, classColour(1)],
  ]) {
    const polygon = halfPlane(line, axes, side);
    context.beginPath();
    for (const [px, py] of polygon) context.lineTo(axes.toX(px), axes.toY(py));
    context.fillStyle = "rgb(246,244,240)";
    if (polygon.length) context.fill();
    context.fillStyle = css(colour, 0.3);
    if (polygon.length) context.fill();
  }
}

/** The line across the window, or nothing where there is none in it. */
function stroke(context, line, axes, { colour, alpha, width, dash = [] }) {
  const [w1, w2, b] = line;
  if (w1 === 0 && w2 === 0) return;
  const far = 4 * Math.max(axes.x[1] - axes.x[0], axes.y[1] - axes.y[0]);
  const length = Math.hypot(w1, w2);
  const middle = [(axes.x[0] + axes.x[1]) / 2, (axes.y[0] + axes.y[1]) / 2];
  const away = (w1 * middle[0] + w2 * middle[1] + b) / length;
  const foot = [middle[0] - (away * w1) / length, middle[1] - (away * w2) / length];
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  for (const side of [-1, 1])
    context.lineTo(axes.toX(foot[0] + (side * far * -w2) / length), axes.toY(foot[1] + (side * far * w1) / length));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** From the line towards class 1: the direction of w. */
function arrow(context, [w1, w2, b], { x, y, toX, toY }) {
  const length = Math.hypot(w1, w2);
  if (!length) return;
  const middle = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const away = (w1 * middle[0] + w2 * middle[1] + b) / length;
  const foot = [toX(middle[0] - (away * w1) / length), toY(middle[1] - (away * w2) / length)];
  const direction = [toX(w1) - toX(0), toY(w2) - toY(0)];
  const scale = 34 / Math.hypot(...direction);
  const [dx, dy] = direction.map((part) => part * scale);
  context.strokeStyle = context.fillStyle = "#14172a";
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(...foot);
  context.lineTo(foot[0] + dx, foot[1] + dy);
  context.stroke();
  context.beginPath();
  context.moveTo(foot[0] + dx * 1.2, foot[1] + dy * 1.2);
  context.lineTo(foot[0] + dx * 0.9 - dy * 0.16, foot[1] + dy * 0.9 + dx * 0.16);
  context.lineTo(foot[0] + dx * 0.9 + dy * 0.16, foot[1] + dy * 0.9 - dx * 0.16);
  context.fill();
}

/** Class 1 is round, class 0 square, so that colour is not needed to tell them apart. */
function examples(context, points, frame, axes, colours) {
  const { inputs, targets } = points.train;
  const radius = inputs.length < 10 ? 9 : inputs.length > 1000 ? 2.4 : 4;
  const last = frame.way?.complete && frame.way.points.length ? frame.way.points.at(-1) : null;
  inputs.forEach(([px, py], i) => {
    const [at, to, one] = [axes.toX(px), axes.toY(py), [targets[i]].flat()[0]];
    context.beginPath();
    if (one) context.arc(at, to, radius, 0, 2 * Math.PI);
    else context.rect(at - radius * 0.88, to - radius * 0.88, radius * 1.76, radius * 1.76);
    context.fillStyle = css(classColour(one));
    context.fill();
    context.strokeStyle = "#fff";
    context.lineWidth = 1;
    context.stroke();
  });
  if (last === null) return;
  context.beginPath();
  context.arc(axes.toX(inputs[last][0]), axes.toY(inputs[last][1]), radius + 6, 0, 2 * Math.PI);
  context.strokeStyle = colours.warning;
  context.lineWidth = 2.6;
  context.stroke();
}
