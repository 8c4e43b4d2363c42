// A scatter plot of two dimensions of the codes, with a mark per class.

import { FONT, LARGE } from "../shared/axes.js";
import { drawGlyph } from "../shared/shapes.js";

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
    drawGlyph(context, kinds?.[row] ?? 0, "train", toX(x), toY(ys[row]), 3 * LARGE, kinds ? undefined : colours.accent);
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
