// Histograms over time, one line per moment: the oldest behind, the newest in front.

import { number } from "../../core/formats.js";
import { FONT, MAX_CONDENSED } from "../shared/axes.js";
import { nearest } from "../shared/step-cursor.js";

export const QUANTITIES = {
  activations: "Activations", preactivations: "Pre-activations", weights: "Weights", weight_gradients: "Weight gradients", activation_gradients: "Activation gradients",
};
const MOST_ROWS = 26;
const [PAD, HEAD, FOOT] = [8, 32, 18];
const APART = 6; // CSS pixels between two numbers

/** How many layers find room; of more, the last are drawn. */
export const columnsIn = (width) => Math.max(1, Math.floor(width / 62));

/** One column per layer; all rows of a column share the range that all of them need. */
export function drawRidges(context, entries, quantity, { width, height, colours, moment }) {
  context.clearRect(0, 0, width, height);
  const rows = chosen(entries);
  const marked = moment ? nearest(rows.map(({ step }) => step), moment.step) : -1;
  const layers = rows.at(-1).layers;
  const shown = layers.slice(-columnsIn(width));
  const each = width / shown.length;
  shown.forEach((layer, i) => {
    const index = layers.indexOf(layer);
    const area = { x: i * each + PAD, y: HEAD, width: each - 2 * PAD, height: height - HEAD - FOOT };
    drawColumn(context, rows.map((row) => row.layers[index][quantity]), layer, area, { ...colours, marked });
  });
  if (marked >= 0) tellStep(context, rows[marked].step, width, height, colours);
}

/** Up to MOST_ROWS entries spread evenly, the newest always among them. */
export function chosen(entries) {
  const count = Math.min(MOST_ROWS, entries.length);
  return Array.from({ length: count }, (_, i) => entries[count > 1 ? Math.round((i * (entries.length - 1)) / (count - 1)) : 0]);
}

/** The step of the row at this height; undefined outside the rows. */
export function stepAtHeight(entries, y, height) {
  const rows = chosen(entries);
  const apart = gap(rows.length, height - HEAD - FOOT);
  const row = rows.length - 1 - Math.round((height - FOOT - y) / apart);
  return rows[row]?.step;
}

/** How far one row lies in front of the next. */
const gap = (rows, height) => Math.min(14, height / (rows + 3));

function tellStep(context, step, width, height, colours) {
  context.font = FONT;
  context.fillStyle = colours.accent;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(`step ${step.toLocaleString("en")}`, width / 2, height - FOOT + 4);
}

function drawColumn(context, histograms, layer, area, colours) {
  const known = histograms.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (!known.length) return;
  const [low, high] = [Math.min(...known.map((each) => each.low)), Math.max(...known.map((each) => each.high))];
  const span = high - low || 1;
  const step = gap(histograms.length, area.height);
  const tall = Math.min(area.height * 0.6, Math.max(step * 4, area.height - step * (histograms.length - 1)));
  const toX = (value) => area.x + (area.width * (value - low)) / span;
  context.strokeStyle = colours.line;
  context.strokeRect(area.x - 0.5, area.y - 0.5, area.width + 1, area.height + 1);
  histograms.forEach((histogram, i) => {
    const newest = i === histograms.length - 1;
    const base = area.y + area.height - step * (histograms.length - 1 - i);
    ridge(context, histogram, { toX, base, tall, newest, marked: i === colours.marked }, colours);
  });
  labels(context, layer.name, histograms.at(-1), low, high, toX, area, colours);
}

function ridge(context, { counts, low, high }, { toX, base, tall, newest, marked }, colours) {
  let most = 1;
  for (const count of counts) if (count > most) most = count;
  const at = (i) => toX(low + ((high - low) * i) / counts.length);
  context.beginPath();
  context.moveTo(at(0), base);
  for (let i = 0; i < counts.length; i++) context.lineTo(at(i + 0.5), base - (tall * counts[i]) / most);
  context.lineTo(at(counts.length), base);
  context.fillStyle = newest ? colours.faint : colours.panel;
  context.globalAlpha = newest ? 0.92 : 0.8;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = marked ? colours.accent : newest ? colours.strong : colours.muted;
  context.lineWidth = marked ? 2.2 : newest ? 1.8 : 0.8;
  context.stroke();
}

/** Name, the newest mean and spread, and the ends of the range. */
function labels(context, name, { mean, spread }, low, high, toX, area, colours) {
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(name, area.x + area.width / 2, 2, area.width);
  context.fillStyle = colours.muted;
  context.fillText(`${number(mean, 2)} ± ${number(spread, 2)}`, area.x + area.width / 2, 16, area.width + PAD);
  ends(context, [number(low, 2), number(high, 2)], area);
  if (low >= 0 || high <= 0) return;
  context.globalAlpha = 0.6;
  context.fillRect(toX(0) - 0.5, area.y, 1, area.height);
  context.globalAlpha = 1;
}

/** The numbers at both ends, a little narrower where they would meet; where that is not enough, only the lower one. */
function ends(context, [low, high], { x, y, width, height }) {
  const [from, to, below] = [x - PAD / 2, x + width + PAD / 2, y + height + 4];
  const room = (to - from - APART) / 2;
  const wide = Math.max(...[low, high].map((text) => context.measureText(text).width));
  const both = wide <= room * MAX_CONDENSED;
  context.textAlign = "left";
  context.fillText(low, from, below, both ? room : to - from);
  context.textAlign = "right";
  if (both) context.fillText(high, to, below, room);
}
