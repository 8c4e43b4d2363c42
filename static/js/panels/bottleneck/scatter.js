// A scatter plot of two dimensions of the codes, with a mark per class.

import { classColour, css } from "../../core/colours.js";
import { FONT, LARGE } from "../shared/axes.js";

const MARKS = [circle, square, triangle, diamond, cross];
export const MARK_SYMBOLS = [..."●■▲◆✚"];

/** Draws the codes over two axes; over one where both are the same, as a row of marks. */
export function scatter(context, { codes, kinds, axes }, [horizontal, vertical], area, colours) {
  const xs = column(codes, horizontal);
  const ys = horizontal === vertical ? xs.map(() => 0) : column(codes, vertical);
  const toX = linearScale(xs, area.x + 8, area.x + area.width - 8);
  const toY = linearScale(ys, area.y + area.height - 8, area.y + 8);
  context.strokeStyle = colours.line;
  context.strokeRect(area.x, area.y, area.width, area.height);
  xs.forEach((x, row) => {
    if (!Number.isFinite(x) || !Number.isFinite(ys[row])) return;
    context.fillStyle = kinds ? css(classColour(kinds[row])) : colours.accent;
    context.beginPath();
    MARKS[kinds ? kinds[row] % MARKS.length : 0](context, toX(x), toY(ys[row]), 2.6 * LARGE);
    context.fill();
  });
  drawNames(context, axes[horizontal], horizontal === vertical ? null : axes[vertical], area, colours);
}

function column(codes, axis) {
  const [count, dimensions] = codes.shape;
  return Array.from({ length: count }, (_, row) => codes[row * dimensions + axis]);
}

/** Maps the finite values to [from, to]; to the middle where all are equal. */
function linearScale(values, from, to) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return (value) => (high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2);
}

function drawNames(context, horizontal, vertical, area, colours) {
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(`${horizontal} →`, area.x + area.width - 4, area.y + area.height - 3);
  context.textAlign = "left";
  context.textBaseline = "top";
  if (vertical) context.fillText(`↑ ${vertical}`, area.x + 4, area.y + 3);
}

function circle(context, x, y, r) {
  context.arc(x, y, r, 0, 2 * Math.PI);
}

function square(context, x, y, r) {
  context.rect(x - r, y - r, 2 * r, 2 * r);
}

function triangle(context, x, y, r) {
  polygon(context, [
    [x, y - 1.3 * r],
    [x + 1.2 * r, y + r],
    [x - 1.2 * r, y + r],
  ]);
}

function diamond(context, x, y, r) {
  polygon(context, [
    [x, y - 1.5 * r],
    [x + 1.2 * r, y],
    [x, y + 1.5 * r],
    [x - 1.2 * r, y],
  ]);
}

function cross(context, x, y, r) {
  context.rect(x - 1.4 * r, y - r / 2, 2.8 * r, r);
  context.rect(x - r / 2, y - 1.4 * r, r, 2.8 * r);
}

function polygon(context, points) {
  points.forEach(([x, y]) => context.lineTo(x, y));
  context.closePath();
}
