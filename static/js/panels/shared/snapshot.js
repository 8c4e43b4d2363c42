// A part of the page as a picture: its canvases, and around them its words, swatches, frames and tables, as one sees them.

import { h } from "../../core/dom.js";

const SKIPPED = "svg, .menu-holder, .panel-tools button, [role=tab][aria-selected=false], input[type=range], input[type=checkbox]";
const SIDES = [["Top", 1, 0], ["Right", 0, 1], ["Bottom", 1, 1], ["Left", 0, 0]];
const LEAST_RATIO = 2; // pixels per CSS pixel: letters are to be read on a slide
const MARGIN = 10; // CSS pixels under the lowest thing
const NEAR = 24; // CSS pixels from the lower end: nothing else stands below
const MOST_MORE = 4000; // CSS pixels: browsers bound the size of a canvas

/** A canvas with all that is seen of an element; drawn signs and what only waits to be pressed are left out. */
export function pictureOf(element) {
  const ratio = Math.max(LEAST_RATIO, window.devicePixelRatio || 1);
  const whole = element.getBoundingClientRect();
  const scroller = lastScroller(element, whole.bottom);
  const more = Math.min(MOST_MORE, scroller ? scroller.scrollHeight - scroller.clientHeight : 0);
  const sheet = h("canvas", { width: Math.round(whole.width * ratio), height: Math.round((whole.height + more) * ratio) });
  const context = sheet.getContext("2d");
  context.scale(ratio, ratio);
  context.translate(-whole.left, -whole.top);
  context.fillStyle = getComputedStyle(element).backgroundColor;
  context.fillRect(whole.left, whole.top, whole.width, whole.height + more);
  for (const child of element.children) paint(context, child, { scroller, more });
  return trimmed(sheet, context, MARGIN * ratio);
}

/** What can be scrolled at the lower end, if anything: the picture goes on to its end. */
function lastScroller(element, bottom) {
  const scrolls = (each) => each.scrollHeight > each.clientHeight + 1 && ["auto", "scroll"].includes(getComputedStyle(each).overflowY);
  return [...element.querySelectorAll("*")].find((each) => each.checkVisibility() && scrolls(each) && each.getBoundingClientRect().bottom >= bottom - NEAR) ?? null;
}

/** Without the empty rows at the lower end, but for a margin. */
function trimmed(sheet, context, margin) {
  const image = context.getImageData(0, 0, sheet.width, sheet.height);
  const pixels = new Uint32Array(image.data.buffer);
  const last = pixels.findLastIndex((pixel) => pixel !== pixels[0]);
  sheet.height = Math.min(sheet.height, Math.ceil((last + 1) / sheet.width) + margin);
  context.putImageData(image, 0, 0);
  return sheet;
}

function paint(context, element, open) {
  if (element.matches(SKIPPED) || !element.checkVisibility({ visibilityProperty: true })) return;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  context.save();
  context.globalAlpha *= Number(style.opacity);
  if (style.display !== "contents" && element.role !== "tab") ground(context, box, style);
  if (style.overflowX !== "visible") clip(context, box, element.contains(open.scroller) ? open.more : 0);
  if (element.localName === "mfrac") bar(context, element, style);
  if (element === open.scroller) context.translate(0, element.scrollTop);
  // The open tab is the title of what it shows.
  if (element.role === "tablist") context.translate(box.left - (element.querySelector("[aria-selected=true]")?.getBoundingClientRect().left ?? box.left), 0);
  if (element instanceof HTMLCanvasElement) context.drawImage(element, box.left, box.top, box.width, box.height);
  else if (element.matches("input, select")) write(context, element.selectedOptions?.[0].text ?? element.value, { left: box.left + parseFloat(style.paddingLeft), top: box.top, height: box.height }, style);
  else for (const child of element.childNodes) child instanceof Element ? paint(context, child, open) : child instanceof Text && letters(context, child, style);
  context.restore();
}

/** The line of a fraction. */
function bar(context, element, style) {
  const [above, below] = [...element.children].map((each) => each.getBoundingClientRect());
  const { left, width } = element.getBoundingClientRect();
  context.fillStyle = style.color;
  context.fillRect(left, (above.bottom + below.top) / 2 - 0.5, width, 1);
}

function clip(context, { left, top, width, height }, more) {
  context.beginPath();
  context.rect(left, top, width, height + more);
  context.clip();
}

/** The background, a ramp of colours among them, and the border. */
function ground(context, { left, top, width, height }, style) {
  const rounded = parseFloat(style.borderTopLeftRadius) * (style.borderTopLeftRadius.endsWith("%") ? Math.min(width, height) / 100 : 1);
  context.beginPath();
  context.roundRect(left, top, width, height, rounded);
  for (const fill of [style.backgroundColor, ramp(context, left, width, style.backgroundImage)].filter(Boolean)) {
    context.fillStyle = fill;
    context.fill();
  }
  const wide = SIDES.map(([side]) => parseFloat(style[`border${side}Width`]));
  const [above, right, below, at] = wide;
  const sides = rounded && right === at && !above && !below;
  if (at && (sides || wide.every((each) => each === at))) outline(context, { left, top, width, height }, rounded, at, style, sides);
  else SIDES.forEach(([side, lies, far], i) => wide[i] && edge(context, lies ? [left, top + far * height + (0.5 - far) * wide[i], width, 0] : [left + far * width + (0.5 - far) * wide[i], top, 0, height], wide[i], style, side));
}

/** A border all around, or of the rounded sides only: the brackets of a matrix. */
function outline(context, { left, top, width, height }, rounded, wide, style, sides) {
  context.save();
  context.beginPath();
  for (const x of [left, left + width - rounded / 2]) context.rect(x, top, sides ? rounded / 2 : width, height);
  if (sides) context.clip();
  context.beginPath();
  context.roundRect(left + wide / 2, top + wide / 2, width - wide, height - wide, Math.max(0, rounded - wide / 2));
  context.strokeStyle = style.borderLeftColor;
  context.lineWidth = wide;
  context.stroke();
  context.restore();
}

function edge(context, [x, y, across, down], wide, style, side) {
  context.strokeStyle = style[`border${side}Color`];
  context.lineWidth = wide;
  context.setLineDash({ dashed: [3 * wide, 2 * wide], dotted: [wide, wide] }[style[`border${side}Style`]] ?? []);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + across, y + down);
  context.stroke();
  context.setLineDash([]);
}

/** The page's ramps run from left to right; a stop without a place lies evenly between the others. */
function ramp(context, left, width, image) {
  if (!image.startsWith("linear-gradient(90deg")) return null;
  const stops = [...image.matchAll(/(rgba?\([^)]*\))(?: ([\d.]+)%)?/g)];
  const gradient = context.createLinearGradient(left, 0, left + width, 0);
  stops.forEach(([, colour, percent], i) => gradient.addColorStop(percent ? percent / 100 : i / (stops.length - 1), colour));
  return gradient;
}

/** Word by word, each where it stands: lines break where the page breaks them. */
function letters(context, node, style) {
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    if (box.width) write(context, word, box, style);
  }
}

function write(context, text, { left, top, height }, style) {
  const italic = style.textTransform === "math-auto" && text.length === 1;
  context.font = `${italic ? "italic" : style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
  context.fillStyle = style.color;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = context.measureText(text);
  context.fillText(style.textTransform === "uppercase" ? text.toUpperCase() : text, left, top + (height + above - below) / 2);
}
