// Samples that are images: their pixels drawn in the colours for magnitudes, first row on top.

import { cividis } from "../../core/cividis.js";
import { css, table } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { showTooltip } from "../../core/tooltip.js";
import { pointName } from "./one-point.js";

const TOOLTIP_SIZE = 96; // CSS pixels
const SHADES = table(cividis);
const MAGNITUDE_STOPS = Array.from({ length: 17 }, (_, i) => css(cividis(i / 16)));

/** The colour scale for magnitudes as a CSS gradient, lowest on the left. */
export const MAGNITUDES = `linear-gradient(90deg, ${MAGNITUDE_STOPS.join(", ")})`;

/** Draws `pixels` into a canvas, one canvas pixel each; NaN is drawn as the lowest value. */
export function paintPixels(canvas, pixels, { rows, columns, low, high }) {
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const packed = new Uint32Array(image.data.buffer);
  const top = SHADES.length - 1;
  for (let i = 0; i < packed.length; i++)
    packed[i] = SHADES[Math.min(top, Math.max(0, Math.round((top * (pixels[i] - low)) / (high - low)))) || 0];
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A canvas with an image whose longer side has `size` CSS pixels. */
export function thumbnail(pixels, image, size, label) {
  const canvas = h("canvas", { class: "pixels", role: "img", "aria-label": label });
  const scale = size / Math.max(image.rows, image.columns);
  Object.assign(canvas.style, { width: `${image.columns * scale}px`, height: `${image.rows * scale}px` });
  return paintPixels(canvas, pixels, image);
}

/** Shows the image of a point in the tooltip, below its target, its name, and the network's answer if it is known. */
export function showImageTooltip(event, { part, index, inputs }, { target, answer }, image) {
  const text = [`${target} · ${pointName(part, index)}`, answer].filter(Boolean).join("\n");
  showTooltip(event, text, thumbnail(inputs, image, TOOLTIP_SIZE, text));
}
