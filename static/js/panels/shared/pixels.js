// Pictures among the data: pixels as a small image in the colours of magnitudes, the first row on top.

import { cividis, css, table } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { showTooltip } from "../../core/tooltip.js";

const POINTED = 96; // CSS pixels
const SHADES = table(cividis);

/** The page's gradient for magnitudes, from the least on the left. */
export const MAGNITUDES = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, i) => css(cividis(i / 16))).join(", ")})`;

/** Paint `pixels` into a canvas, one of its pixels each; a number that is none is as the lowest. */
export function paintPixels(canvas, pixels, { rows, columns, low, high }) {
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const packed = new Uint32Array(image.data.buffer);
  const top = SHADES.length - 1;
  for (let i = 0; i < packed.length; i++) packed[i] = SHADES[Math.min(top, Math.max(0, Math.round((top * (pixels[i] - low)) / (high - low)))) || 0];
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A picture of about `size` CSS pixels. */
export function thumbnail(pixels, image, size, label) {
  const canvas = h("canvas", { class: "pixels", role: "img", "aria-label": label });
  const scale = size / Math.max(image.rows, image.columns);
  Object.assign(canvas.style, { width: `${image.columns * scale}px`, height: `${image.rows * scale}px` });
  return paintPixels(canvas, pixels, image);
}

/** Beside the pointer: a picture says more than its first four pixels. */
export function pointTo(event, { part, index, inputs }, target, image) {
  const text = `${target} · ${part} point ${index}`;
  showTooltip(event, text, thumbnail(inputs, image, POINTED, text));
}
