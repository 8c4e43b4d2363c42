// Looks of the large picture that few ask for: the probability of one class, all outputs side by side, and the value as a surface.

import { cividis, css, DIVERGING_TABLE, pack } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";
import { image, paint, signedImage, traceLevel } from "../shared/heat-map.js";
import { first } from "../shared/scales.js";

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => pack(cividis(i / 255)));
export const RAMP = `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, i) => css(cividis(i / 8))).join(", ")})`;

/** Probabilities from 0 to 1 as magnitudes. */
function probabilities(key, values, rows, columns) {
  return image(key, rows, columns, (i) => {
    const value = values[i];
    return value === value ? TABLE[Math.round(255 * Math.min(1, Math.max(0, value)))] : pack([246, 244, 240]);
  });
}

/** The probability of one class, with the line where it is one half. */
export function drawProbability(context, { values, rows, columns }, area) {
  paint(context, probabilities("probability", values, rows, columns), area.x, area.y, area.width, area.height);
  half(context, values, rows, columns, area, 0.5, "rgba(255,255,255,.9)");
}

function half(context, values, rows, columns, area, level, colour) {
  traceLevel(context, values, rows, columns, level, area);
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  context.stroke();
}

/** Every output in a picture of its own, named; each over the same window. */
export function drawEach(context, { values, outputs, rows, columns, scale, names }, area, colours) {
  const across = Math.ceil(Math.sqrt(outputs));
  const down = Math.ceil(outputs / across);
  const title = 16;
  const side = Math.min((area.width - 6 * (across - 1)) / across, (area.height - (title + 4) * down) / down);
  context.font = FONT;
  for (let k = 0; k < outputs; k++) {
    const cell = { x: area.x + (k % across) * (side + 6), y: area.y + Math.floor(k / across) * (side + title + 4) + title, width: side, height: side };
    const part = values.subarray(k * rows * columns, (k + 1) * rows * columns);
    const picture = scale ? signedImage(`each-${k}`, part, rows, columns, scale) : probabilities(`each-${k}`, part, rows, columns);
    paint(context, picture, cell.x, cell.y, side, side);
    half(context, part, rows, columns, cell, scale ? scale.centre : 0.5, scale ? "rgba(22,26,40,.8)" : "rgba(255,255,255,.9)");
    context.fillStyle = colours.text;
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.fillText(names?.[k] ?? `output ${k}`, cell.x, cell.y - 2, side);
  }
}

const STOPS = Array.from({ length: 17 }, (_, i) => {
  const packed = DIVERGING_TABLE[Math.round((i / 16) * (DIVERGING_TABLE.length - 1))];
  return [i / 16, `rgb(${packed & 255},${(packed >> 8) & 255},${(packed >> 16) & 255})`];
});

/** The value as a surface that can be turned, the points above and below it. */
export function drawSurface(stack, shown, placed, { colours, size }) {
  const box = stack.querySelector(".boundary-surface") ?? stack.appendChild(h("div", { class: "boundary-surface", role: "img" }));
  const { frame, values, rows, columns, scale } = shown;
  const places = ([low, high], count) => Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  const skip = Math.max(1, Math.floor(columns / 50));
  const kept = (count) => Array.from({ length: count }, (_, i) => i).filter((i) => i % skip === 0);
  const z = kept(rows).map((row) => kept(columns).map((column) => values[row * columns + column]));
  const [x, y] = [places(frame.x, columns), places(frame.y, rows)];
  const font = { color: colours.text, size: 10 };
  const axis = (text) => ({ title: { text: feature(text), font }, gridcolor: colours.line, color: colours.muted, tickfont: { size: 9, color: colours.muted } });
  const plane = { type: "surface", x: kept(columns).map((i) => x[i]), y: kept(rows).map((i) => y[i]), z, colorscale: STOPS, cmin: scale.centre - scale.reach, cmax: scale.centre + scale.reach, showscale: false, hovertemplate: "%{z:.3g}<extra></extra>", contours: { z: { show: true, usecolormap: false, color: "rgba(30,34,50,.25)" } } };
  const dots = placed.slice(0, 1500);
  const points = { type: "scatter3d", mode: "markers", x: dots.map((each) => each.x), y: dots.map((each) => each.y), z: dots.map((each) => first(each.target)), marker: { size: 2.4, color: dots.map((each) => first(each.target)), colorscale: STOPS, cmin: plane.cmin, cmax: plane.cmax, line: { width: 0.5, color: "rgba(20,24,40,.75)" } }, hovertemplate: "point %{z:.3g}<extra></extra>", showlegend: false };
  const layout = { width: stack.clientWidth, height: stack.clientHeight || size, margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)", uirevision: "keep", font, scene: { xaxis: axis(frame.axes[0]), yaxis: axis(frame.axes[1]), zaxis: axis("value"), camera: { eye: { x: 1.35, y: -1.35, z: 0.95 } }, aspectmode: "manual", aspectratio: { x: 1.2, y: 1.2, z: 0.8 } } };
  window.Plotly.react(box, [plane, points], layout, { displaylogo: false, displayModeBar: false, plotlyServerURL: "" });
  box.setAttribute("aria-label", `The value as a surface over ${frame.axes.join(" and ")}, colours from ${number(plane.cmin)} to ${number(plane.cmax)}; ${dots.length} points.`);
}

/** Take the surface away: a plot that is not seen would be saved in the picture's place. */
export function clearSurface(stack) {
  const box = stack.querySelector(".boundary-surface");
  if (!box) return;
  window.Plotly?.purge(box);
  box.remove();
}
