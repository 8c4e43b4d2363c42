// Axes of a map on canvas: ticks, axis names, and names shortened to a width.

import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { ticks } from "./scales.js";

/** Whether this is the projector page (`?present`). */
export const PRESENT = new URLSearchParams(location.search).has("present");

/** Whether controls are as large as a finger needs (css/touch.css). */
export const FINGER = matchMedia("(max-width: 700px), (pointer: coarse)").matches;

/** Factor for text on canvases, as that of the page: 2 on a projector, 1.2 in a large window (css/large.css). */
export const LARGE = PRESENT ? 2 : matchMedia("(min-width: 1700px) and (min-height: 940px)").matches ? 1.2 : 1;
export const FONT = `${Math.round(11 * LARGE)}px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif`;

/** Canvas text may be condensed to 1 / MAX_CONDENSED of its width. */
export const MAX_CONDENSED = 1.3;

/** Draws the frame of `area` with tick labels along the left and the lower side. */
export function drawAxes(context, axes, area, colours) {
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(area.x - 0.5, area.y - 0.5, area.width + 1, area.height + 1);
  context.textAlign = "center";
  context.textBaseline = "top";
  const bottom = area.y + area.height;
  for (const value of ticks(...axes.x, 6 / LARGE)) context.fillText(number(value), axes.toX(value), bottom + 5);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(...axes.y, 6 / LARGE)) context.fillText(number(value), area.x - 5, axes.toY(value));
}

/** "principal component 1" → "PC 1". */
export const shortAxis = (name) =>
  name.replace(/^principal component (\d)$/, (_, index) => t("panel.shared.component", { index }));

/** The text, cut off with an ellipsis where it is wider than `maxWidth` pixels. */
const fitted = (context, text, maxWidth) =>
  context.measureText(text).width <= maxWidth ? text : truncate(context, text, maxWidth);

function truncate(context, text, maxWidth) {
  const { width } = context.measureText(text);
  for (let length = Math.min(text.length, Math.floor((text.length * maxWidth) / width)); length > 1; length -= 1) {
    const label = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(label).width <= maxWidth) return label;
  }
  return `${text[0]}…`;
}

/** Names cut to `maxWidth` pixels; names that would become equal keep their beginning and the part that differs. */
export function shortenNames(context, names, maxWidth) {
  const short = names.map((name) => fitted(context, name, maxWidth));
  return short.map((label, i) => {
    const ambiguous = names.filter((name, k) => short[k] === label && name !== names[i]);
    if (!ambiguous.length) return label;
    const end = fitted(context, names[i].slice(firstDifference(names[i], ambiguous)), maxWidth * 0.6);
    return truncate(context, names[i], maxWidth - context.measureText(end).width) + end;
  });
}

/** Index of the first character in which a name differs from the others; a number is never split. */
function firstDifference(name, others) {
  let index = 0;
  while (index < name.length && others.every((other) => other[index] === name[index])) index += 1;
  while (/\d/.test(name[index - 1] ?? "")) index -= 1;
  return index;
}

/** Draws the names of both axes inside the area, above the points. */
export function drawAxisNames(context, area, names, colours) {
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  textOnBackground(
    context,
    feature(shortAxis(names[0])),
    area.x + area.width - 5,
    area.y + area.height - 4,
    colours,
  );
  if (!names[1]) return;
  context.textAlign = "left";
  context.textBaseline = "top";
  textOnBackground(context, feature(shortAxis(names[1])), area.x + 6, area.y + 5, colours);
}

/** Draws a text on a translucent background, so that it is legible on any colour. */
function textOnBackground(context, text, x, y, colours) {
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
