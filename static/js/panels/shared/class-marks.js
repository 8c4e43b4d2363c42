// The shapes of the classes on a map of their regions, where no points tell them apart without colours.

import { shape } from "./shapes.js";

const ACROSS = 6; // marks in each direction, at fixed places, so that only their shape changes
const RADIUS = 3.5; // CSS pixels
const COLOUR = "rgba(20,24,40,.6)"; // dark without a rim, as no point is

/**
 * Draws the shape of the class with the largest value, dark, at regular places of `area`. `values` has the
 * shape (classes, rows, columns), row 0 at the bottom.
 */
export function drawClassMarks(context, values, classes, rows, columns, area) {
  for (let i = 0; i < ACROSS * ACROSS; i++) {
    const [across, down] = [((i % ACROSS) + 0.5) / ACROSS, (Math.floor(i / ACROSS) + 0.5) / ACROSS];
    const cell = Math.floor((1 - down) * rows) * columns + Math.floor(across * columns);
    const best = largest(values, classes, rows * columns, cell);
    if (best < 0) continue;
    const [x, y] = [area.x + across * area.width, area.y + down * area.height];
    drawMark(context, best, x, y);
  }
}

function drawMark(context, index, x, y) {
  context.save();
  context.translate(x, y);
  context.scale(RADIUS, RADIUS);
  context.fillStyle = COLOUR;
  context.fill(shape(index));
  context.restore();
}

/** The class with the largest value in a cell, the first of equal ones; -1 where no value is finite. */
function largest(values, classes, size, cell) {
  let [best, reached] = [-1, -Infinity];
  for (let c = 0; c < classes; c++) {
    const value = values[c * size + cell];
    if (value > reached) [best, reached] = [c, value];
  }
  return best;
}
