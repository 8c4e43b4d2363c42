// One layer: the histogram of its pre-activations z, f and f′ over the same z, and the range of small |f′| hatched.

import { number } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";

const LABEL_HEIGHT = 16; // CSS pixels below the histogram
const HATCH_DISTANCE = 6; // CSS pixels
const HATCH_WIDTH = 14; // CSS pixels

export function drawLayer(canvas, { histogram, f, slope }, { z, bound }, colours) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (width < 40 || height < 30) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const area = { x: 2, y: 2, width: width - 4, height: height - LABEL_HEIGHT - 2 };
  const [low, high] = [z[0], z.at(-1)];
  const toX = (value) => area.x + (area.width * (value - low)) / (high - low);
  context.fillStyle = colours.faint;
  context.fillRect(area.x, area.y, area.width, area.height);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  if (slope) hatch(context, z, slope, bound, toX, area, colours);
  drawBars(context, histogram, toX, area, colours);
  if (f) drawCurve(context, z, f, toX, area, { colour: colours.strong, dash: [] });
  if (slope) drawCurve(context, z, slope, toX, area, { colour: colours.accent, dash: [5, 4] });
  context.restore();
  drawEnds(context, low, high, toX, area, colours);
}

function hatch(context, z, slope, bound, toX, area, colours) {
  context.strokeStyle = colours.muted;
  context.lineWidth = 0.7;
  context.beginPath();
  const half = (z[1] - z[0]) / 2;
  for (let i = 0, last = -Infinity; i < z.length; i++) {
    const x = toX(z[i]);
    if (Math.abs(slope[i]) >= bound || x - last < HATCH_DISTANCE) continue;
    last = x;
    context.moveTo(toX(z[i] - half), area.y + area.height);
    context.lineTo(toX(z[i] - half) + HATCH_WIDTH, area.y);
  }
  context.stroke();
}

function drawBars(context, { counts, low, high }, toX, area, colours) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return;
  const largest = counts.reduce((max, count) => Math.max(max, count), 1);
  const width = (high - low) / counts.length || 0.1; // of a bin
  const bottom = area.y + area.height;
  context.fillStyle = colours.edge;
  counts.forEach((count, i) => {
    if (!count) return;
    const [left, right] = [toX(low + i * width), toX(low + (i + 1) * width)];
    const height = Math.max(1, ((area.height - 6) * count) / largest);
    context.fillRect(left, bottom - height, Math.max(0.8, right - left - 0.6), height);
  });
}

/** The curve scaled to the height of the area, 0 included. */
function drawCurve(context, z, values, toX, area, { colour, dash }) {
  const finite = Array.from(values).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const toY = (value) => area.y + area.height - 4 - ((area.height - 8) * (value - low)) / (high - low || 1);
  context.beginPath();
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) context.lineTo(toX(z[i]), toY(values[i]));
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.stroke();
  context.setLineDash([]);
}

function drawEnds(context, low, high, toX, area, colours) {
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textBaseline = "top";
  const y = area.y + area.height + 3;
  context.textAlign = "left";
  context.fillText(number(low), area.x, y);
  context.textAlign = "right";
  context.fillText(number(high), area.x + area.width, y);
  context.textAlign = "center";
  context.fillText("0", toX(0), y);
}
