// The picture of parallel coordinates: a vertical line for each axis, and a line through them for each member.

import { cividis } from "../../../core/cividis.js";
import { css, themeColours } from "../../../core/colours.js";
import { setAttribute } from "../../../core/dom.js";
import { FONT, LARGE, shortenNames } from "../../../panels/shared/axes.js";
import { fitCanvas } from "../../../panels/shared/panel.js";

const MARGIN = { left: 58 * LARGE, right: 54 * LARGE, top: 46 * LARGE, bottom: 14 }; // as the text grows
const NAME_ROW = 16 * LARGE; // pixels between the two rows in which the names of the axes are by turns
const TICK_HEIGHT = 15 * LARGE;
const BRUSH = 9; // half the width of a chosen range in pixels
const PALE = 0.13; // opacity of members that are not chosen

/**
 * Draws `entries`, { run, values, value }; `ranges` has the chosen range of an axis by path, `chosen` the ids of the
 * chosen members, `hovered` the one that is emphasised. Returns { xs, top, height, lines }, or null without space;
 * `lines` are { run, points }, in pixels.
 */
export function drawParallel(canvas, { axes, entries, ranges, chosen, hovered, label }) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (width < 160 || height < 120) return null;
  fitCanvas(canvas, width, height);
  setAttribute(canvas, "aria-label", label);
  const [context, colours] = [canvas.getContext("2d"), themeColours()];
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  const drawn = { top: MARGIN.top, height: height - MARGIN.top - MARGIN.bottom };
  const space = (width - MARGIN.left - MARGIN.right) / (axes.length - 1);
  drawn.xs = axes.map((_, i) => MARGIN.left + space * i);
  const toY = (place) => drawn.top + drawn.height * (1 - place);
  const isDark = document.documentElement.dataset.theme === "dark";
  const colourOf = isDark ? (place) => cividis(0.3 + 0.7 * place) : (place) => cividis(0.85 * place);
  drawn.lines = entries.map((entry) => ({
    run: entry.run, colour: lineColour(axes.at(-1), entry, colourOf), points: pointsOf(axes, entry, drawn.xs, toY),
  }));
  drawMembers(context, drawn.lines, { chosen, hovered, colours });
  axes.forEach((axis, i) => drawAxis(context, axis, { i, x: drawn.xs[i], toY, colours, range: ranges.get(axis.path) }));
  drawNames(context, axes, drawn.xs, space, colours);
  return drawn;
}

/** The colour by the measure, in the order of the heat map; null of a member without one. */
function lineColour(axis, entry, colourOf) {
  const coordinate = axis.coordinate(entry);
  return coordinate === null ? null : css(colourOf(axis.place(coordinate)));
}

/** A line ends before the first axis on which the member has no value. */
function pointsOf(axes, entry, xs, toY) {
  const points = [];
  for (const [i, axis] of axes.entries()) {
    const coordinate = axis.coordinate(entry);
    if (coordinate === null) break;
    points.push([xs[i], toY(axis.place(coordinate))]);
  }
  return points;
}

/** The chosen members lie above the others, and the one under the pointer above all. */
function drawMembers(context, lines, { chosen, hovered, colours }) {
  const isChosen = ({ run }) => !chosen || chosen.has(run);
  context.lineWidth = 1.6;
  for (const line of lines) if (!isChosen(line)) stroke(context, line.points, colours.muted, PALE);
  for (const line of lines) if (isChosen(line)) stroke(context, line.points, line.colour ?? colours.muted, 0.85);
  const one = lines.find(({ run }) => run === hovered);
  context.lineWidth = 3.5;
  if (one) stroke(context, one.points, colours.strong, 1);
}

function stroke(context, points, colour, opacity) {
  context.globalAlpha = opacity;
  context.strokeStyle = colour;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.globalAlpha = 1;
}

function drawAxis(context, axis, { i, x, toY, colours, range }) {
  context.fillStyle = colours.text;
  context.fillRect(Math.round(x) - 0.5, toY(1), 1, toY(0) - toY(1));
  if (range) {
    const [low, high] = range.map((end) => toY(Math.min(1, Math.max(0, axis.place(end)))));
    context.globalAlpha = 0.28;
    context.fillStyle = colours.accent;
    context.fillRect(x - BRUSH, high, 2 * BRUSH, low - high);
    context.globalAlpha = 1;
  }
  const side = i ? 1 : -1;
  context.textAlign = i ? "left" : "right";
  context.textBaseline = "middle";
  for (const [place, text] of axis.ticks) drawTick(context, text, x + 6 * side, toY(place), side, colours);
}

/** The text on a background, because lines meet where it stands. */
function drawTick(context, text, x, y, side, colours) {
  context.fillStyle = colours.panel;
  context.globalAlpha = 0.85;
  context.fillRect(x - 3 * side, y - TICK_HEIGHT / 2, side * (context.measureText(text).width + 6), TICK_HEIGHT);
  context.globalAlpha = 1;
  context.fillStyle = colours.text;
  context.fillText(text, x, y);
}

/** In two rows, by turns, where a name is wider than the space between two axes. */
function drawNames(context, axes, xs, space, colours) {
  const isWide = axes.some(({ name }) => context.measureText(name).width > space - 10);
  const names = shortenNames(context, axes.map(({ name }) => name), (isWide ? 2 : 1) * space - 10);
  context.fillStyle = colours.text;
  context.textBaseline = "bottom";
  names.forEach((name, i) => {
    context.textAlign = i === 0 ? "left" : i === axes.length - 1 ? "right" : "center";
    const x = i === 0 ? 2 : i === axes.length - 1 ? xs[i] + MARGIN.right - 2 : xs[i];
    context.fillText(name, x, MARGIN.top - 10 * LARGE - (isWide && i % 2 ? NAME_ROW : 0));
  });
}
