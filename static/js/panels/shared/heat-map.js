// Values over a plane as images: signed values and maps of units, and contour lines. Others: images.js.

import { BACKGROUND, MAP_STRENGTH, NEUTRAL, css, tableOf } from "../../core/colours.js";

const TOP = tableOf({}).length - 1;
const buffers = new Map();

/** A canvas of rows x columns with its pixels as Uint32; reused for the same `key` and size. */
export function buffer(key, rows, columns) {
  const cached = buffers.get(`${key}/${rows}`);
  if (cached?.columns === columns) return cached;
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const created = { rows, columns, canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
  buffers.set(`${key}/${rows}`, created);
  return created;
}

export const finish = ({ canvas, context, image }) => {
  context.putImageData(image, 0, 0);
  return canvas;
};

/** Values in the colours of their scale, saturated at `centre` ± `reach`; row 0 is at the bottom. */
export function signedImage(key, values, rows, columns, scale, discrete = false) {
  const target = buffer(key, rows, columns);
  const { centre, reach } = scale;
  const colours = tableOf(scale);
  const factor = (0.5 * TOP) / reach;
  for (let row = 0; row < rows; row++) {
    let pixel = (rows - 1 - row) * columns;
    for (let i = row * columns, end = i + columns; i < end; i++)
      target.pixels[pixel++] = signedPixel(colours, values[i] - centre, factor, discrete);
  }
  return finish(target);
}

function signedPixel(colours, offset, factor, discrete) {
  if (offset !== offset) return BACKGROUND;
  if (discrete) return colours[offset < 0 ? TOP >> 3 : TOP - (TOP >> 3)];
  const index = Math.round(TOP / 2 + offset * factor);
  return colours[index < 0 ? 0 : index > TOP ? TOP : index];
}

/** The map of one unit in the colours of its scale. `maps`: bytes (units, rows, columns) that span low to high. */
export function unitImage(key, maps, unit, low, high, scale) {
  const [, rows, columns] = maps.shape;
  const target = buffer(key, rows, columns);
  const shades = coloursOfBytes(low, high, scale);
  for (let row = 0; row < rows; row++) {
    let pixel = (rows - 1 - row) * columns;
    for (let i = (unit * rows + row) * columns, end = i + columns; i < end; i++)
      target.pixels[pixel++] = shades[maps[i]];
  }
  return finish(target);
}

const COLOURS_OF_BYTES = new Uint32Array(256);

function coloursOfBytes(low, high, scale) {
  const colours = tableOf(scale);
  const factor = (0.5 * TOP) / scale.reach;
  for (let byte = 0; byte < 256; byte++)
    COLOURS_OF_BYTES[byte] = signedPixel(colours, low + ((high - low) * byte) / 255 - scale.centre, factor, false);
  return COLOURS_OF_BYTES;
}

/** Draws an image into a rectangle. Its outermost samples lie on the border: half a cell is cut off on each side. */
export function paint(context, image, x, y, width, height, smooth = true) {
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = "low";
  const [across, down] = [image.width > 1 ? 0.5 : 0, image.height > 1 ? 0.5 : 0];
  const [sourceWidth, sourceHeight] = [image.width - 2 * across, image.height - 2 * down];
  context.drawImage(image, across, down, sourceWidth, sourceHeight, x, y, width, height);
}

/** Draws an image paler than the points that are drawn on it. */
export function paintPale(context, image, { x, y, width, height }, smooth = true) {
  context.fillStyle = css(NEUTRAL);
  context.fillRect(x, y, width, height);
  context.globalAlpha = MAP_STRENGTH;
  paint(context, image, x, y, width, height, smooth);
  context.globalAlpha = 1;
}

/** Traces the line where `values` cross `level` (marching squares) as a path over the rectangle. */
export function traceLevel(context, values, rows, columns, level, { x, y, width, height }) {
  const [dx, dy] = [width / (columns - 1), height / (rows - 1)];
  context.beginPath();
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const i = row * columns + column;
      const [a, b] = [values[i] - level, values[i + 1] - level];
      const [c, d] = [values[i + columns + 1] - level, values[i + columns] - level];
      if (a < 0 === b < 0 && b < 0 === c < 0 && c < 0 === d < 0) continue;
      const ends = crossings(a, b, c, d);
      for (let k = 0; k + 3 < ends.length; k += 4) {
        context.moveTo(x + (column + ends[k]) * dx, y + height - (row + ends[k + 1]) * dy);
        context.lineTo(x + (column + ends[k + 2]) * dx, y + height - (row + ends[k + 3]) * dy);
      }
    }
  }
}

/** The points at which the sides of a cell are crossed, as flat pairs within the unit square. */
function crossings(a, b, c, d) {
  const ends = [];
  if (a < 0 !== b < 0) ends.push(a / (a - b), 0);
  if (b < 0 !== c < 0) ends.push(1, b / (b - c));
  if (d < 0 !== c < 0) ends.push(d / (d - c), 1);
  if (a < 0 !== d < 0) ends.push(0, a / (a - d));
  return ends;
}
