// The glyphs of data points: class i has shape i and colour i; a mark inside tells the part of the data.

import { classColour, css, RIM } from "../../core/colours.js";
import { h } from "../../core/dom.js";

// SVG paths around (0, 0); 1 is the radius of the circle.
const SHAPES = [
  "M1 0A1 1 0 0 1-1 0A1 1 0 0 1 1 0Z", // circle
  "M-.9-.9H.9V.9H-.9Z", // square
  "M0-1.25 1.2.95H-1.2Z", // triangle
  "M0-1.35 1.2 0 0 1.35-1.2 0Z", // diamond
  "M-.45-1.2H.45V-.45H1.2V.45H.45V1.2H-.45V.45H-1.2V-.45H-.45Z", // plus
  "M0 1.25 1.2-.95H-1.2Z", // triangle, tip below
  "M-1.25 0 .95 1.2V-1.2Z", // triangle, tip left
  "M1.25 0-.95 1.2V-1.2Z", // triangle, tip right
  "M0-1.2 1.15-.37.7 1H-.7L-1.15-.37Z", // pentagon
  "M0-1.2 1.05-.6V.6L0 1.2-1.05.6V-.6Z", // hexagon
].map((path) => new Path2D(path));
const MARKS = { test: new Path2D("M-.5-.5 .5 .5M.5-.5-.5 .5"), validation: new Path2D("M-.5 0H.5") };

/** The shape of a class, around (0, 0) with radius 1. */
export const shape = (index) => SHAPES[index % SHAPES.length];

/** Draws the glyph of a class: its shape filled with a colour, a dark rim, and the mark of the part. */
export function drawGlyph(context, index, part, x, y, radius, colour = css(classColour(index))) {
  const path = shape(index);
  context.save();
  context.translate(x, y);
  context.scale(radius, radius);
  context.fillStyle = colour;
  context.fill(path);
  context.strokeStyle = RIM;
  context.lineWidth = 1.1 / radius;
  context.stroke(path);
  context.lineWidth = 1.4 / radius;
  if (MARKS[part]) context.stroke(MARKS[part]);
  context.restore();
}

/** The glyph for a legend. */
export function glyph(index, part, colour) {
  const canvas = h("canvas", { class: "glyph", width: 30, height: 30, "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  drawGlyph(context, index, part, 7.5, 7.5, 4.6, colour);
  return canvas;
}
