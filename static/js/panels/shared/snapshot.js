// Draws an element of the page onto a canvas: its canvases, text, backgrounds, borders and formulas.

import { h } from "../../core/dom.js";

const SKIPPED =
  "svg, .menu-holder, .term-button, .panel-tools button, [role=tab][aria-selected=false], input[type=range], " +
  "input[type=checkbox]";
const SIDES = [
  ["Top", 1, 0],
  ["Right", 0, 1],
  ["Bottom", 1, 1],
  ["Left", 0, 0],
];
const MIN_RATIO = 2; // pixels per CSS pixel, so that text is sharp on a slide
const MARGIN = 10; // CSS pixels kept below the lowest drawn pixel
const MAX_DISTANCE = 24; // CSS pixels between the end of the panel and that of its lowest scrollable element
const MAX_EXTENSION = 4000; // CSS pixels: browsers limit the size of a canvas

/** A canvas that shows an element as it is visible, without icons and controls. */
export function pictureOf(element) {
  const ratio = Math.max(MIN_RATIO, window.devicePixelRatio || 1);
  const bounds = element.getBoundingClientRect();
  const scroller = lastScroller(element, bounds.bottom);
  const extension = Math.min(MAX_EXTENSION, scroller ? scroller.scrollHeight - scroller.clientHeight : 0);
  const canvas = h("canvas", {
    width: Math.round(bounds.width * ratio),
    height: Math.round((bounds.height + extension) * ratio),
  });
  const context = canvas.getContext("2d", { willReadFrequently: true }); // its pixels are read, see trimmed
  context.scale(ratio, ratio);
  context.translate(-bounds.left, -bounds.top);
  context.fillStyle = getComputedStyle(element).backgroundColor;
  context.fillRect(bounds.left, bounds.top, bounds.width, bounds.height + extension);
  for (const child of element.children) drawElement(context, child, { scroller, extension });
  return trimmed(canvas, context, MARGIN * ratio);
}

/** The scrollable element at the lower end, whose full content the image shows; or null. */
function lastScroller(element, bottom) {
  const scrolls = (inner) =>
    inner.scrollHeight > inner.clientHeight + 1 &&
    ["auto", "scroll"].includes(getComputedStyle(inner).overflowY);
  const isLowest = (inner) => inner.getBoundingClientRect().bottom >= bottom - MAX_DISTANCE;
  const isMatch = (inner) => inner.checkVisibility() && scrolls(inner) && isLowest(inner);
  return [...element.querySelectorAll("*")].find(isMatch) ?? null;
}

/** Cuts off the empty rows at the lower end, except for a margin. */
function trimmed(canvas, context, margin) {
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const last = pixels.findLastIndex((pixel) => pixel !== pixels[0]);
  canvas.height = Math.min(canvas.height, Math.ceil((last + 1) / canvas.width) + margin);
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawElement(context, element, scrolling) {
  if (element.matches(SKIPPED) || !element.checkVisibility({ visibilityProperty: true })) return;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  context.save();
  context.globalAlpha *= Number(style.opacity);
  if (style.display !== "contents" && element.role !== "tab") drawBox(context, box, style);
  if (style.overflowX !== "visible") clip(context, box, element.contains(scrolling.scroller) ? scrolling.extension : 0);
  if (element.localName === "mfrac") drawFractionLine(context, element, style);
  if (element === scrolling.scroller) context.translate(0, element.scrollTop);
  if (element.role === "tablist") context.translate(box.left - selectedTabLeft(element, box), 0);
  drawContent(context, element, { style, box, scrolling });
  context.restore();
}

function drawContent(context, element, { style, box, scrolling }) {
  if (element instanceof HTMLCanvasElement) {
    context.drawImage(element, box.left, box.top, box.width, box.height);
  } else if (element.matches("input, select")) {
    const text = element.selectedOptions?.[0].text ?? element.value;
    const left = box.left + parseFloat(style.paddingLeft);
    drawWord(context, text, { left, top: box.top, height: box.height }, style);
  } else {
    for (const child of element.childNodes) {
      if (child instanceof Element) drawElement(context, child, scrolling);
      else if (child instanceof Text) drawText(context, child, style);
    }
  }
}

/** The selected tab is drawn at the left end, as the title of the image. */
const selectedTabLeft = (tabs, box) =>
  tabs.querySelector("[aria-selected=true]")?.getBoundingClientRect().left ?? box.left;

/** The line of a fraction. */
function drawFractionLine(context, element, style) {
  const [above, below] = [...element.children].map((part) => part.getBoundingClientRect());
  const { left, width } = element.getBoundingClientRect();
  context.fillStyle = style.color;
  context.fillRect(left, (above.bottom + below.top) / 2 - 0.5, width, 1);
}

function clip(context, { left, top, width, height }, extension) {
  context.beginPath();
  context.rect(left, top, width, height + extension);
  context.clip();
}

/** The background (a colour, a gradient) and the border. */
function drawBox(context, { left, top, width, height }, style) {
  const radius =
    parseFloat(style.borderTopLeftRadius) *
    (style.borderTopLeftRadius.endsWith("%") ? Math.min(width, height) / 100 : 1);
  context.beginPath();
  context.roundRect(left, top, width, height, radius);
  const fills = [style.backgroundColor, gradient(context, left, width, style.backgroundImage)];
  for (const fill of fills.filter(Boolean)) {
    context.fillStyle = fill;
    context.fill();
  }
  drawBorder(context, { left, top, width, height }, radius, style);
}

function drawBorder(context, box, radius, style) {
  const widths = SIDES.map(([side]) => parseFloat(style[`border${side}Width`]));
  const [above, right, below, left] = widths;
  const sides = radius && right === left && !above && !below;
  if (left && (sides || widths.every((width) => width === left)))
    outline(context, box, radius, left, style, sides);
  else SIDES.forEach((side, i) => widths[i] && drawEdge(context, box, widths[i], style, side));
}

/** A border on all sides, or only on the rounded left and right: the brackets of a matrix. */
function outline(context, { left, top, width, height }, outerRadius, lineWidth, style, sides) {
  context.save();
  context.beginPath();
  const half = outerRadius / 2;
  for (const x of [left, left + width - half]) context.rect(x, top, sides ? half : width, height);
  if (sides) context.clip();
  context.beginPath();
  const radius = Math.max(0, outerRadius - lineWidth / 2);
  context.roundRect(left + lineWidth / 2, top + lineWidth / 2, width - lineWidth, height - lineWidth, radius);
  context.strokeStyle = style.borderLeftColor;
  context.lineWidth = lineWidth;
  context.stroke();
  context.restore();
}

/** One straight side; `horizontal` and `isFar` (right or lower side) are 0 or 1. */
function drawEdge(context, { left, top, width, height }, lineWidth, style, [side, horizontal, isFar]) {
  const [x, y, across, down] = horizontal
    ? [left, top + isFar * height + (0.5 - isFar) * lineWidth, width, 0]
    : [left + isFar * width + (0.5 - isFar) * lineWidth, top, 0, height];
  context.strokeStyle = style[`border${side}Color`];
  context.lineWidth = lineWidth;
  const dashes = { dashed: [3 * lineWidth, 2 * lineWidth], dotted: [lineWidth, lineWidth] };
  context.setLineDash(dashes[style[`border${side}Style`]] ?? []);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + across, y + down);
  context.stroke();
  context.setLineDash([]);
}

/** A CSS gradient from left to right as a canvas gradient, or null; stops without a position are evenly spaced. */
function gradient(context, left, width, image) {
  if (!image.startsWith("linear-gradient(90deg")) return null;
  const stops = [...image.matchAll(/(rgba?\([^)]*\))(?: ([\d.]+)%)?/g)];
  const fill = context.createLinearGradient(left, 0, left + width, 0);
  stops.forEach(([, colour, percent], i) =>
    fill.addColorStop(percent ? percent / 100 : i / (stops.length - 1), colour),
  );
  return fill;
}

/** Draws a text word by word at the positions on the page, so that its line breaks are the same. */
function drawText(context, node, style) {
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    if (box.width) drawWord(context, word, box, style);
  }
}

function drawWord(context, text, { left, top, height }, style) {
  const italic = style.textTransform === "math-auto" && text.length === 1;
  context.font = `${italic ? "italic" : style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
  context.fillStyle = style.color;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = context.measureText(text);
  context.fillText(
    style.textTransform === "uppercase" ? text.toUpperCase() : text,
    left,
    top + (height + above - below) / 2,
  );
}
