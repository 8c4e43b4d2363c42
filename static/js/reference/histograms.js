// The histograms of a layer with those of A as an outline: both as densities over a common range.

import { percent } from "../core/formats.js";
import { t } from "../core/text.js";
import { drawCurve, drawHistogram, drawRange } from "../panels/activation_histograms/histogram.js";
import { PADDING, rows, statusText } from "../panels/activation_histograms/index.js";
import { FONT } from "../panels/shared/axes.js";
import { canDie } from "../studio/units.js";

const NAMES = ["preactivations", "activations"];

/** The layer of A at the place of a layer of B: hidden layers by their index, the output layer the output layer. */
export function layerOfA(layersOfA, layersOfB, index) {
  if (!layersOfA) return null;
  const isOutput = index === layersOfB.length - 1;
  return isOutput ? layersOfA.at(-1) : index < layersOfA.length - 1 ? layersOfA[index] : null;
}

/** Draws a layer as the panel does, and the outlines of A. */
export function drawComparedLayer(context, layer, { x, width, height }, colours, state) {
  const { layers } = state["view:activation_histograms"];
  const a = layerOfA(state.reference.frames.activation_histograms?.layers, layers, layers.indexOf(layer));
  const places = rows(height);
  const colour = [colours.muted, colours.strong];
  [places.upper, places.lower].forEach((place, i) => {
    const box = { x, width, ...place };
    const inner = drawBoth(context, layer[NAMES[i]], a?.[NAMES[i]], box, { colour: colour[i], colours });
    if (i === 0 && layer.curve) drawCurve(context, layer.curve, inner, colours.accent);
  });
  drawStatus(context, layer, a, { x: x + width / 2, y: height - 5, width: width + PADDING }, colours);
}

/** Draws both histograms; returns the part of the area over the range of B. */
function drawBoth(context, b, a, area, { colour, colours }) {
  const [low, high] = [Math.min(b.low, a?.low ?? b.low), Math.max(b.high, a?.high ?? b.high)];
  const span = high - low;
  if (!a || !(span > 0) || !Number.isFinite(span)) {
    drawHistogram(context, b, area, colour, colours);
    return area;
  }
  const largest = Math.max(...[a, b].map((part) => Math.max(...densities(part, span))));
  context.fillStyle = colours.faint;
  context.fillRect(area.x, area.y, area.width, area.height);
  const scale = {
    x: (value) => area.x + (area.width * (value - low)) / span,
    height: (density) => ((area.height - 3) * density) / largest,
  };
  bars(context, b, { area, span, scale, colour });
  outline(context, a, { area, span, scale }, colours);
  drawRange(context, low, high, area, colours);
  return { ...area, x: scale.x(b.low), width: scale.x(b.high) - scale.x(b.low) };
}

/** Share of the values per unit of the range; bins without width count as a thousandth of the common range. */
function densities({ counts, low, high }, span) {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  const width = Math.max((high - low) / counts.length, span / 1000);
  return Array.from(counts, (count) => count / total / width);
}

function bars(context, b, { area, span, scale, colour }) {
  const width = Math.max(0.5, (scale.x(b.high) - scale.x(b.low)) / b.counts.length);
  context.fillStyle = colour;
  context.beginPath();
  densities(b, span).forEach((density, i) => {
    if (!density) return;
    const height = Math.max(1, scale.height(density));
    const left = scale.x(b.low) + i * width;
    context.rect(left, area.y + area.height - height, width > 3 ? width - 0.8 : width, height);
  });
  context.fill();
}

/** The outline of A's bars: a line with an edge in the colour of the panel, visible on bars and beside them. */
function outline(context, a, { area, span, scale }, colours) {
  const bottom = area.y + area.height;
  const width = Math.max(1, (scale.x(a.high) - scale.x(a.low)) / a.counts.length);
  const left = (i) => scale.x(a.low) + i * width;
  context.beginPath();
  context.moveTo(left(0), bottom);
  densities(a, span).forEach((density, i) => {
    const top = bottom - scale.height(density);
    context.lineTo(left(i), top);
    context.lineTo(left(i + 1), top);
  });
  context.lineTo(left(a.counts.length), bottom);
  context.lineJoin = "round";
  for (const [colour, lineWidth] of [[colours.panel, 3.4], [colours.text, 1.3]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth });
    context.stroke();
  }
}

function drawStatus(context, layer, a, { x, y, width }, colours) {
  const fits = (text) => context.measureText(text).width <= width;
  const hasProblem = (canDie(layer) && layer.dead > 0.5) || layer.saturated > 0.8 || layer.nonfinite > 0;
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = hasProblem ? colours.warning : colours.muted;
  context.fillText(comparedStatus(layer, a).find(fits) ?? statusText(layer, fits), x, y);
}

/** The share of dead units (ReLU) or of saturated values of B and of A, the longest text first. */
function comparedStatus(layer, a) {
  if (!a || layer.nonfinite > 0) return [];
  const values = (name) => ({ share: percent(layer[name]), a: percent(a[name]) });
  if (canDie(layer) && canDie(a)) return [t("reference.layers.dead", values("dead"))];
  return [
    t("reference.layers.saturated", values("saturated")), t("reference.layers.saturated_short", values("saturated")),
  ];
}

/** The layer of A beside a row of the table of the panel layer_health; null if A has none. */
export const healthOfA = (state, index) =>
  layerOfA(state.reference.frames.layer_health?.layers, state["view:layer_health"].layers, index);

/** What "Save data" adds for A. */
export function savedLayers({ reference }) {
  if (!reference) return {};
  const { run, attempt, step, frames } = reference;
  return { reference: { run, attempt, step, layers: frames.activation_histograms?.layers ?? [] } };
}
