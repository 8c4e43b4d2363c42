// One histogram on canvas: bars, the ends of its range, the zero line, and the curve of the activation function.

import { number } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";

const MIN_ZERO_DISTANCE = 34; // CSS pixels between the label 0 and both ends

/** Bars of `counts` over the range from `low` to `high`. */
export function drawHistogram(context, { counts, low, high }, area, colour, colours) {
  const largest = counts.reduce((max, count) => Math.max(max, count), 1);
  const width = area.width / counts.length;
  const barWidth = Math.max(width > 3 ? width - 0.8 : width, 0.5);
  context.fillStyle = colours.faint;
  context.fillRect(area.x, area.y, area.width, area.height);
  context.fillStyle = colour;
  context.beginPath();
  counts.forEach((count, i) => {
    if (!count) return;
    const height = Math.max(1, ((area.height - 3) * count) / largest);
    context.rect(area.x + i * width, area.y + area.height - height, barWidth, height);
  });
  context.fill();
  if (Number.isFinite(low) && Number.isFinite(high)) drawRange(context, low, high, area, colours);
}

export function drawRange(context, low, high, area, colours) {
  const [right, below] = [area.x + area.width, area.y + area.height + 2];
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textBaseline = "top";
  const [from, to] = endTexts(context, low, high, area.width - 5);
  context.textAlign = "left";
  context.fillText(from, area.x, below);
  context.textAlign = "right";
  context.fillText(to, right, below);
  if (low >= 0 || high <= 0) return;
  const zero = area.x + (area.width * -low) / (high - low);
  context.fillRect(zero - 0.5, area.y, 1, area.height);
  context.textAlign = "center";
  const fits = zero - area.x > MIN_ZERO_DISTANCE && right - zero > MIN_ZERO_DISTANCE;
  if (fits) context.fillText("0", zero, below);
}

/** Both ends with as many digits as fit in `width`: two, one without its leading zero, or only the upper end. */
function endTexts(context, low, high, width) {
  const pairs = [
    [low, high].map((value) => number(value, 2)),
    [low, high].map((value) => number(value, 1).replace(/^(-?)0(?=[.,])/, "$1")),
  ];
  return pairs.find((pair) => context.measureText(pair.join("")).width < width) ?? ["", number(high, 1)];
}

/** The activation function over the range of the histogram, scaled to its own range. */
export function drawCurve(context, values, area, colour) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const toX = (i) => area.x + (area.width * i) / (values.length - 1);
  const toY = (value) => area.y + area.height - 4 - ((area.height - 8) * (value - low)) / (high - low || 1);
  context.beginPath();
  values.forEach((value, i) => context.lineTo(toX(i), toY(value)));
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.stroke();
}
