// Further images of values over a plane: in any colours, of classes, and of the weights of a unit.

import { BACKGROUND, CLASSES, NEUTRAL, mix, table } from "../../core/colours.js";
import { buffer, finish, signedImage } from "./heat-map.js";

const SHADES = 64;
const CLASS_TABLES = CLASSES.map((colour) => table((t) => mix(NEUTRAL, colour, 0.12 + 0.88 * t), SHADES));

/** An image of rows x columns, row 0 at the bottom; `colour(i)` is the packed colour of the i-th value. */
export function image(key, rows, columns, colour) {
  const target = buffer(key, rows, columns);
  for (let row = 0; row < rows; row++) {
    let pixel = (rows - 1 - row) * columns;
    for (let i = row * columns, end = i + columns; i < end; i++) target.pixels[pixel++] = colour(i);
  }
  return finish(target);
}

/**
 * The class with the largest value in every cell, paler where the second largest is close.
 * `values` has the shape (classes, rows, columns).
 */
export function classImage(key, values, classes, rows, columns, discrete = false) {
  const target = buffer(key, rows, columns);
  const size = rows * columns;
  for (let i = 0; i < size; i++) {
    let [best, second, bestClass] = [-Infinity, -Infinity, -1];
    for (let c = 0; c < classes; c++) {
      const value = values[c * size + i];
      if (value > best) [second, best, bestClass] = [best, value, c];
      else if (value > second) second = value;
    }
    const shade = discrete ? SHADES - 12 : Math.round((SHADES - 1) * Math.min(1, Math.max(0, best - second)));
    const row = Math.floor(i / columns);
    target.pixels[(rows - 1 - row) * columns + (i % columns)] =
      bestClass < 0 ? BACKGROUND : CLASS_TABLES[bestClass % CLASSES.length][shade];
  }
  return finish(target);
}

/** The weights of one unit as an image, first row on top. `pictures`: int8 (units, rows, columns), 127 largest. */
export function pictureImage(pictures, unit) {
  const [, rows, columns] = pictures.shape;
  const values = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = (unit * rows + row) * columns;
    values.set(pictures.subarray(start, start + columns), (rows - 1 - row) * columns);
  }
  return signedImage(`picture-${unit}`, values, rows, columns, { centre: 0, reach: 127 });
}
