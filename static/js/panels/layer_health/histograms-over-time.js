// Histograms over time: one column per layer, one line per recorded step; the newest is drawn last, in front.

import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, MAX_CONDENSED } from "../shared/axes.js";
import { layerName } from "../shared/layer-names.js";
import { nearestIndex } from "../shared/step-cursor.js";

const MAX_ROWS = 26;
const [PADDING, TOP, BOTTOM] = [8, 32, 18]; // CSS pixels at the sides, above and below
const LEFT = 46; // CSS pixels for the steps of the lines
const MIN_GAP = 6; // CSS pixels between two numbers
const COLUMN_WIDTH = 76; // CSS pixels
const MIN_LABEL_DISTANCE = 12; // CSS pixels between the steps of two lines

/** The width in which the columns of all layers fit, at least `width`. */
export const fullWidth = (width, layers) => Math.max(width, LEFT + layers * COLUMN_WIDTH);

/** Draws the histograms of `quantity`, one column per layer; the rows of a column share one range. */
export function drawHistograms(context, entries, quantity, { width, height, colours, stepCursor }) {
  context.clearRect(0, 0, width, height);
  const rows = sampled(entries);
  const markedRow = stepCursor
    ? nearestIndex(
        rows.map(({ step }) => step),
        stepCursor.step,
      )
    : -1;
  const layers = rows.at(-1).layers;
  const pitch = (width - LEFT) / layers.length;
  drawSteps(context, rows, markedRow, height, colours);
  layers.forEach((_, index) => {
    const x = LEFT + index * pitch + PADDING;
    const area = { x, y: TOP, width: pitch - 2 * PADDING, height: height - TOP - BOTTOM };
    const histograms = rows.map((row) => row.layers[index][quantity]);
    drawColumn(context, histograms, layerName(index, layers.length), area, { colours, markedRow });
  });
}

/** Up to MAX_ROWS evenly spaced entries, the newest among them. */
function sampled(entries) {
  const count = Math.min(MAX_ROWS, entries.length);
  if (count < 2) return entries.slice(-1);
  return Array.from({ length: count }, (_, i) => entries[Math.round((i * (entries.length - 1)) / (count - 1))]);
}

/** The step of the row at this height; undefined outside the rows. */
export function stepAtHeight(entries, y, height) {
  const rows = sampled(entries);
  const distance = rowDistance(rows.length, height - TOP - BOTTOM);
  const row = rows.length - 1 - Math.round((height - BOTTOM - y) / distance);
  return rows[row]?.step;
}

/** The vertical distance between two rows. */
const rowDistance = (rows, height) => Math.min(14, height / (rows + 3));

/** The vertical axis: the steps of the oldest line, of the newest, in front, and of the marked one. */
function drawSteps(context, rows, markedRow, height, colours) {
  const distance = rowDistance(rows.length, height - TOP - BOTTOM);
  const yOf = (row) => height - BOTTOM - distance * (rows.length - 1 - row);
  context.font = FONT;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  const last = rows.length - 1;
  const labelled = [last, 0, markedRow].filter((row, i, all) => row >= 0 && all.indexOf(row) === i);
  for (const row of labelled) {
    const isFree = row === last || yOf(last) - yOf(row) >= MIN_LABEL_DISTANCE;
    if (!isFree && row !== markedRow) continue;
    context.fillStyle = row === markedRow ? colours.accent : colours.muted;
    context.fillText(integer(rows[row].step), LEFT - 4, yOf(row) + 3, LEFT - 6);
  }
  context.fillStyle = colours.muted;
  context.textBaseline = "top";
  context.fillText(t("panel.layer_health.step_axis"), LEFT - 4, 16, LEFT - 6);
}

function drawColumn(context, histograms, name, area, { colours, markedRow }) {
  const finite = histograms.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (!finite.length) return;
  const low = Math.min(...finite.map((histogram) => histogram.low));
  const high = Math.max(...finite.map((histogram) => histogram.high));
  const span = high - low || 1;
  const step = rowDistance(histograms.length, area.height);
  const free = area.height - step * (histograms.length - 1);
  const height = Math.min(area.height * 0.6, Math.max(step * 4, free));
  const toX = (value) => area.x + (area.width * (value - low)) / span;
  context.strokeStyle = colours.line;
  context.strokeRect(area.x - 0.5, area.y - 0.5, area.width + 1, area.height + 1);
  histograms.forEach((histogram, i) => {
    const newest = i === histograms.length - 1;
    const base = area.y + area.height - step * (histograms.length - 1 - i);
    drawLine(context, histogram, { toX, base, height, newest, isMarked: i === markedRow }, colours);
  });
  drawLabels(context, name, histograms.at(-1), { low, high, toX, area }, colours);
}

/** One histogram as a filled line that covers those behind it. */
function drawLine(context, { counts, low, high }, { toX, base, height, newest, isMarked }, colours) {
  const largest = counts.reduce((max, count) => Math.max(max, count), 1);
  const at = (i) => toX(low + ((high - low) * i) / counts.length);
  context.beginPath();
  context.moveTo(at(0), base);
  for (let i = 0; i < counts.length; i++) context.lineTo(at(i + 0.5), base - (height * counts[i]) / largest);
  context.lineTo(at(counts.length), base);
  context.fillStyle = newest ? colours.faint : colours.panel;
  context.globalAlpha = newest ? 0.92 : 0.8;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = isMarked ? colours.accent : newest ? colours.strong : colours.muted;
  context.lineWidth = isMarked ? 2.2 : newest ? 1.8 : 0.8;
  context.stroke();
}

/** The name, the newest mean ± standard deviation, the ends of the range, and the zero line. */
function drawLabels(context, name, { mean, spread }, { low, high, toX, area }, colours) {
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(name, area.x + area.width / 2, 2, area.width);
  context.fillStyle = colours.muted;
  context.fillText(`${number(mean, 2)} ± ${number(spread, 2)}`, area.x + area.width / 2, 16, area.width + PADDING);
  drawEnds(context, [number(low, 2), number(high, 2)], area);
  if (low >= 0 || high <= 0) return;
  context.globalAlpha = 0.6;
  context.fillRect(toX(0) - 0.5, area.y, 1, area.height);
  context.globalAlpha = 1;
}

/** The numbers at both ends, condensed where they would overlap; only the lower one where both do not fit. */
function drawEnds(context, [low, high], { x, y, width, height }) {
  const [from, to, below] = [x - PADDING / 2, x + width + PADDING / 2, y + height + 4];
  const half = (to - from - MIN_GAP) / 2;
  const widest = Math.max(...[low, high].map((text) => context.measureText(text).width));
  const bothFit = widest <= half * MAX_CONDENSED;
  context.textAlign = "left";
  context.fillText(low, from, below, bothFit ? half : to - from);
  context.textAlign = "right";
  if (bothFit) context.fillText(high, to, below, half);
}
