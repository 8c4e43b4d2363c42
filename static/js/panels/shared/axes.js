// Axes of the large picture and the bar that says what its colours mean.

import { classColour, css, diverging } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { classNames, taskOf, ticks } from "./scales.js";
import { focusUnit } from "../../studio/units.js";

/** What is written into pictures is as large as the type around them: twice for the projector. */
export const LARGE = new URLSearchParams(location.search).has("present") ? 2 : 1;
export const FONT = `${11 * LARGE}px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif`;

/** How many times its room a text may be wide: so narrow it can still be read. */
export const SQUEEZED = 1.3;

/** Ticks and names along the left and the lower side of `area`. */
export function drawAxes(context, axes, area, colours) {
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(area.x - 0.5, area.y - 0.5, area.width + 1, area.height + 1);
  context.textAlign = "center";
  context.textBaseline = "top";
  const below = ticks(...axes.x, 6 / LARGE);
  for (const value of below) tickLabel(context, number(value), axes.toX(value), area.y + area.height + 5);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(...axes.y, 6 / LARGE)) context.fillText(number(value), area.x - 5, axes.toY(value));
}

function tickLabel(context, text, x, y) {
  context.fillText(text, x, y);
}

/** "principal component 1" → "PC 1". */
export const shortAxis = (name) => name.replace("principal component", "PC");

/** As much of a text as there is room for, the rest told by dots. */
const shortened = (context, text, room) => (context.measureText(text).width <= room ? text : begun(context, text, room));

function begun(context, text, room) {
  const { width } = context.measureText(text);
  for (let length = Math.min(text.length, Math.floor((text.length * room) / width)); length > 1; length -= 1) {
    const told = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(told).width <= room) return told;
  }
  return `${text[0]}…`;
}

/** Names as far as there is room; those that would become the same keep their first letters and what tells them apart. */
export function shortNames(context, names, room) {
  const short = names.map((name) => shortened(context, name, room));
  return short.map((told, i) => {
    const alike = names.filter((name, k) => short[k] === told && name !== names[i]);
    if (!alike.length) return told;
    const end = shortened(context, names[i].slice(firstDifference(names[i], alike)), room * 0.6);
    return begun(context, names[i], room - context.measureText(end).width) + end;
  });
}

/** Where a name stops being that of the others; numbers are not cut. */
function firstDifference(name, others) {
  let at = 0;
  while (at < name.length && others.every((other) => other[at] === name[at])) at += 1;
  while (/\d/.test(name[at - 1] ?? "")) at -= 1;
  return at;
}

/** The names of both axes, over the points. */
export function nameAxes(context, area, names, colours) {
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  plate(context, feature(shortAxis(names[0])), area.x + area.width - 5, area.y + area.height - 4, colours);
  if (!names[1]) return;
  context.textAlign = "left";
  context.textBaseline = "top";
  plate(context, feature(shortAxis(names[1])), area.x + 6, area.y + 5, colours);
}

/** A name over the picture, on a small plate so that it can be read on any colour. */
function plate(context, text, x, y, colours) {
  const width = context.measureText(text).width + 8;
  const left = context.textAlign === "right" ? x - width + 4 : x - 4;
  const top = context.textBaseline === "bottom" ? y - 14 * LARGE : y - 2;
  context.fillStyle = colours.panel;
  context.globalAlpha = 0.82;
  context.fillRect(left, top, width, 16 * LARGE);
  context.globalAlpha = 1;
  context.fillStyle = colours.text;
  context.fillText(text, x, y);
}

export const GRADIENT = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, i) => css(diverging(i / 16))).join(", ")})`;

/** The bar under the picture: the diverging scale with its numbers, or one swatch per class; and the two kinds of points. */
export function legend(element, shown, state) {
  const names = classNames(state);
  const task = taskOf(state);
  const key = JSON.stringify([shown.kind, shown.scale && [number(shown.scale.centre), number(shown.scale.reach)], shown.outputs, names, task, state.showTest, state.residuals, Boolean(focusUnit(state))]);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  const bar = shown.kind === "classes" ? swatches(shown.outputs, names) : shown.kind === "curve" ? curveKey(state.residuals && task === "regression" && !focusUnit(state))
    : shown.kind === "probability" || (shown.kind === "each" && !shown.scale) ? magnitudeBar(state.looks.RAMP) : colourBar(shown, names, task, state);
  element.replaceChildren(bar, shown.kind === "each" ? "" : task === "control" ? pointKey(false, "states met") : pointKey(state.showTest));
}

function colourBar({ scale }, names, task, state) {
  const { centre, reach } = scale;
  const ends = task === "binary" && !focusUnit(state) && names?.length === 2 ? names : [null, null];
  const mark = (value, name) => h("span", { text: name ? `${number(value)} ${name}` : number(value) });
  return h("div", { class: "colour-bar" }, h("div", { class: "colour-ramp", style: { background: GRADIENT } }),
    h("div", { class: "colour-marks" }, mark(centre - reach, ends[0]), mark(centre), mark(centre + reach, ends[1])));
}

function swatches(count, names) {
  return h("ul", { class: "swatches" }, Array.from({ length: count }, (_, i) => h("li", {}, h("i", { class: "swatch", style: { background: css(classColour(i)) } }), names?.[i] ?? String(i))));
}

const curveKey = (residuals) => h("div", { class: "swatches" }, h("span", {}, h("i", { class: "stroke-key" }), "network"), residuals && h("span", {}, h("i", { class: "residual-key" }), "residual"));

const magnitudeBar = (ramp) => h("div", { class: "colour-bar" }, h("div", { class: "colour-ramp", style: { background: ramp } }),
  h("div", { class: "colour-marks" }, h("span", { text: "0" }), h("span", { text: "probability" }), h("span", { text: "1" })));

const pointKey = (withTest, name = "train") => h("div", { class: "point-key" }, h("span", {}, h("i", { class: "dot solid" }), name), withTest && h("span", {}, h("i", { class: "dot hollow" }), "test"));
