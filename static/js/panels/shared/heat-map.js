// Maps of values over the plane as small images: colour tables, class colours, and the line where a decision turns.

import { BACKGROUND, CLASSES, DIVERGING_TABLE, NEUTRAL, mix, pack, table } from "../../core/colours.js";

const TOP = DIVERGING_TABLE.length - 1;
const SHADES = 64;
const CLASS_TABLES = CLASSES.map((colour) => table((t) => mix(NEUTRAL, colour, 0.08 + 0.72 * t), SHADES));
const buffers = new Map();

/** A canvas of rows x columns with its pixels as Uint32, kept for reuse under `key`. */
function buffer(key, rows, columns) {
  const held = buffers.get(`${key}/${rows}`);
  if (held && held.rows === rows && held.columns === columns) return held;
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const made = { rows, columns, canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
  buffers.set(`${key}/${rows}`, made);
  return made;
}

const finish = ({ canvas, context, image }) => {
  context.putImageData(image, 0, 0);
  return canvas;
};

/** A picture of rows x columns whose i-th value, row 0 the lowest, is the packed colour `colour(i)`. */
export function image(key, rows, columns, colour) {
  const target = buffer(key, rows, columns);
  for (let row = 0; row < rows; row++) {
    let at = (rows - 1 - row) * columns;
    for (let i = row * columns, end = i + columns; i < end; i++) target.pixels[at++] = colour(i);
  }
  return finish(target);
}

/** Signed values around `centre`, full colour at `reach`; row 0 of the values is the lowest and is painted at the bottom. */
export function signedImage(key, values, rows, columns, { centre, reach }, discrete = false) {
  const target = buffer(key, rows, columns);
  const factor = (0.5 * TOP) / reach;
  for (let row = 0; row < rows; row++) {
    let at = (rows - 1 - row) * columns;
    for (let i = row * columns, end = i + columns; i < end; i++) target.pixels[at++] = signedPixel(values[i] - centre, factor, discrete);
  }
  return finish(target);
}

function signedPixel(offset, factor, discrete) {
  if (offset !== offset) return BACKGROUND;
  if (discrete) return DIVERGING_TABLE[offset < 0 ? TOP >> 3 : TOP - (TOP >> 3)];
  const place = Math.round(TOP / 2 + offset * factor);
  return DIVERGING_TABLE[place < 0 ? 0 : place > TOP ? TOP : place];
}

/** The winning class of every cell, the paler the less it leads the runner-up. `values` is (classes, rows, columns). */
export function classImage(key, values, classes, rows, columns, discrete = false) {
  const target = buffer(key, rows, columns);
  const size = rows * columns;
  for (let i = 0; i < size; i++) {
    let [best, second, winner] = [-Infinity, -Infinity, -1];
    for (let c = 0; c < classes; c++) {
      const value = values[c * size + i];
      if (value > best) [second, best, winner] = [best, value, c];
      else if (value > second) second = value;
    }
    const shade = discrete ? SHADES - 12 : Math.round((SHADES - 1) * Math.min(1, Math.max(0, best - second)));
    const row = Math.floor(i / columns);
    target.pixels[(rows - 1 - row) * columns + (i % columns)] = winner < 0 ? BACKGROUND : CLASS_TABLES[winner % CLASSES.length][shade];
  }
  return finish(target);
}

/** One of `pictures` (units, rows, columns; bytes of which 127 is the largest) in the signed colours, the first row on top. */
export function pictureImage(pictures, unit) {
  const [, rows, columns] = pictures.shape;
  const values = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) values.set(pictures.subarray((unit * rows + row) * columns, (unit * rows + row + 1) * columns), (rows - 1 - row) * columns);
  return signedImage(`picture-${unit}`, values, rows, columns, { centre: 0, reach: 127 });
}

/** The small map of one unit of `maps` (units, rows, columns; bytes between low and high) in the signed colours. */
export function unitImage(key, maps, unit, low, high, scale) {
  const [, rows, columns] = maps.shape;
  const target = buffer(key, rows, columns);
  const shades = byteTable(low, high, scale);
  for (let row = 0; row < rows; row++) {
    let at = (rows - 1 - row) * columns;
    for (let i = (unit * rows + row) * columns, end = i + columns; i < end; i++) target.pixels[at++] = shades[maps[i]];
  }
  return finish(target);
}

const SHADES_OF_BYTES = new Uint32Array(256);

function byteTable(low, high, { centre, reach }) {
  for (let byte = 0; byte < 256; byte++) SHADES_OF_BYTES[byte] = signedPixel(low + ((high - low) * byte) / 255 - centre, (0.5 * TOP) / reach, false);
  return SHADES_OF_BYTES;
}

/** Paint a map into a rectangle; the outermost samples lie ON its border, so half a cell is cut on each side. */
export function paint(context, image, x, y, width, height, smooth = true) {
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = "low";
  const [across, down] = [image.width > 1 ? 0.5 : 0, image.height > 1 ? 0.5 : 0];
  context.drawImage(image, across, down, image.width - 2 * across, image.height - 2 * down, x, y, width, height);
}

/** The line where `values` cross `level` (marching squares), traced into `context` over the rectangle. */
export function traceLevel(context, values, rows, columns, level, { x, y, width, height }) {
  const [dx, dy] = [width / (columns - 1), height / (rows - 1)];
  context.beginPath();
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const i = row * columns + column;
      const [a, b, c, d] = [values[i] - level, values[i + 1] - level, values[i + columns + 1] - level, values[i + columns] - level];
      if ((a < 0) === (b < 0) && (b < 0) === (c < 0) && (c < 0) === (d < 0)) continue;
      const ends = crossings(a, b, c, d);
      for (let k = 0; k + 3 < ends.length; k += 4) {
        context.moveTo(x + (column + ends[k]) * dx, y + height - (row + ends[k + 1]) * dy);
        context.lineTo(x + (column + ends[k + 2]) * dx, y + height - (row + ends[k + 3]) * dy);
      }
    }
  }
}

/** Where the four sides of a cell are crossed, as flat pairs within the unit square. */
function crossings(a, b, c, d) {
  const ends = [];
  if (a < 0 !== b < 0) ends.push(a / (a - b), 0);
  if (b < 0 !== c < 0) ends.push(1, b / (b - c));
  if (d < 0 !== c < 0) ends.push(d / (d - c), 1);
  if (a < 0 !== d < 0) ends.push(0, a / (a - d));
  return ends;
}
