// One layer's pre-activations as bars, its own f over them, and the places where its slope is nearly nothing hatched.

import { number } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";

const FOOT = 16;

export function drawLayer(canvas, { histogram, f, slope }, { z, bound }, colours) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (width < 40 || height < 30) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const area = { x: 2, y: 2, width: width - 4, height: height - FOOT - 2 };
  const [low, high] = [z[0], z.at(-1)];
  const toX = (value) => area.x + (area.width * (value - low)) / (high - low);
  context.fillStyle = colours.faint;
  context.fillRect(area.x, area.y, area.width, area.height);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  if (slope) hatch(context, z, slope, bound, toX, area, colours);
  bars(context, histogram, toX, area, colours);
  if (f) curve(context, z, f, toX, area, { colour: colours.strong, dash: [] });
  if (slope) curve(context, z, slope, toX, area, { colour: colours.accent, dash: [5, 4] });
  context.restore();
  ends(context, low, high, toX, area, colours);
}

function hatch(context, z, slope, bound, toX, area, colours) {
  context.strokeStyle = colours.muted;
  context.lineWidth = 0.7;
  context.beginPath();
  const half = (z[1] - z[0]) / 2;
  for (let i = 0, last = -10; i < z.length; i++) {
    const x = toX(z[i]);
    if (Math.abs(slope[i]) >= bound || x - last < 6) continue;
    last = x;
    context.moveTo(toX(z[i] - half), area.y + area.height);
    context.lineTo(toX(z[i] - half) + 14, area.y);
  }
  context.stroke();
}

function bars(context, { counts, low, high }, toX, area, colours) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return;
  let most = 1;
  for (const count of counts) if (count > most) most = count;
  context.fillStyle = colours.edge;
  const each = (high - low) / counts.length || 0.1;
  counts.forEach((count, i) => {
    const tall = ((area.height - 6) * count) / most;
    const left = toX(low + i * each);
    if (count > 0)
      context.fillRect(
        left,
        area.y + area.height - Math.max(1, tall),
        Math.max(0.8, toX(low + (i + 1) * each) - left - 0.6),
        Math.max(1, tall),
      );
  });
}

function curve(context, z, values, toX, area, { colour, dash }) {
  let [low, high] = [0, 0];
  for (const value of values) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  context.beginPath();
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i]))
      context.lineTo(
        toX(z[i]),
        area.y + area.height - 4 - ((area.height - 8) * (values[i] - low)) / (high - low || 1),
      );
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.stroke();
  context.setLineDash([]);
}

function ends(context, low, high, toX, area, colours) {
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
