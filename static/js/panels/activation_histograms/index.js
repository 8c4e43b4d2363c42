// One live strip per layer: how its pre-activations and activations are distributed over the data.

import { h, setAttribute } from "../../core/dom.js";
import { number, percent } from "../../core/formats.js";
import { canDie } from "../../studio/units.js";
import { FONT, LARGE } from "../shared/axes.js";
import { layoutColumns, shownLayers } from "../network/geometry.js";
import { fitCanvas, panelShell } from "../shared/panel.js";

const PAD = 8;
const CAPTION = 16 * LARGE;

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Layers", line: "How each layer's values are distributed over the data, as they are now",
    explain: "Above: the pre-activations z of all units of the layer, over all test points, with the activation function drawn over them. Below: what the activation makes of them. Dead ReLU units give nothing for any point, and pass no gradient that could change it; saturated values sit where the function is flat, so that little gradient passes.",
    data: () => ({ layers: store.get()["view:activation_histograms"]?.layers ?? [] }),
  });
  const canvas = h("canvas", { role: "img", class: "layers-canvas" });
  shell.body.append(canvas);
  return {
    name: "activation_histograms", section, moving: true, view: { canvas },
    needs: ["view:activation_histograms", "theme", "networkScroll", "draft", "layoutSize"],
    draw: (state) => draw({ canvas, body: shell.body }, state),
  };
}

function draw({ canvas, body }, state) {
  const [width, height] = [body.clientWidth, body.clientHeight];
  if (width < 20 || height < 40) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const all = state["view:activation_histograms"]?.layers;
  if (!all) return;
  const layers = [...all.slice(0, shownLayers(all.length - 1)), all.at(-1)];
  const across = layoutColumns(layers.length + 1, width);
  context.save();
  context.translate(-(state.networkScroll ?? 0), 0);
  rowNames(context, across, height, state.colours);
  layers.forEach((layer, index) => {
    const x = across.centre(index + 1) - across.pitch / 2 + PAD;
    if (x - (state.networkScroll ?? 0) < width && x + across.pitch - (state.networkScroll ?? 0) > 0) drawLayer(context, layer, { x, width: across.pitch - 2 * PAD, height }, state.colours);
  });
  context.restore();
  setAttribute(canvas, "aria-label", describe(layers));
}

const rows = (height) => {
  const each = (height - 3 * CAPTION - 6) / 2;
  return { upper: { y: 2, height: each }, lower: { y: each + CAPTION + 4, height: each } };
};

function rowNames(context, across, height, colours) {
  const { upper, lower } = rows(height);
  context.font = FONT;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const x = across.pitch - 14;
  for (const [row, name, more] of [[upper, "z", "before"], [lower, "a = f(z)", "after"]]) {
    context.fillStyle = colours.text;
    context.fillText(name, x, row.y + row.height / 2 - 7 * LARGE, x - 2);
    context.fillStyle = colours.muted;
    context.fillText(more, x, row.y + row.height / 2 + 8 * LARGE, x - 2);
  }
}

function drawLayer(context, layer, { x, width, height }, colours) {
  const { upper, lower } = rows(height);
  bars(context, layer.preactivations, { x, width, ...upper }, colours.muted, colours);
  if (layer.curve) activationCurve(context, layer, { x, width, ...upper }, colours);
  bars(context, layer.activations, { x, width, ...lower }, colours.strong, colours);
  health(context, layer, x + width / 2, height - 5, width, colours);
}

/** Bars of one histogram with its range and, where zero lies inside, the zero line. */
function bars(context, { counts, low, high }, area, colour, colours) {
  const n = counts.length;
  let most = 1;
  for (const count of counts) if (count > most) most = count;
  context.fillStyle = colours.faint;
  context.fillRect(area.x, area.y, area.width, area.height);
  context.fillStyle = colour;
  const each = area.width / n;
  context.beginPath();
  for (let i = 0; i < n; i++) {
    const tall = ((area.height - 3) * counts[i]) / most;
    if (tall > 0) context.rect(area.x + i * each, area.y + area.height - Math.max(tall, 1), Math.max(each - (each > 3 ? 0.8 : 0), 0.5), Math.max(tall, 1));
  }
  context.fill();
  rangeMarks(context, low, high, area, colours);
}

function rangeMarks(context, low, high, area, colours) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return;
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textBaseline = "top";
  context.textAlign = "left";
  const [from, to] = [2, 1].map((digits) => [low, high].map((value) => number(value, digits).replace(digits < 2 ? /0(?=\.)/ : "", "")))
    .find((pair) => context.measureText(pair.join("")).width < area.width - 5) ?? ["", number(high, 1)];
  context.fillText(from, area.x, area.y + area.height + 2);
  context.textAlign = "right";
  context.fillText(to, area.x + area.width, area.y + area.height + 2);
  if (low >= 0 || high <= 0) return;
  const zero = area.x + (area.width * -low) / (high - low);
  context.fillRect(zero - 0.5, area.y, 1, area.height);
  context.textAlign = "center";
  if (zero - area.x > 34 && area.x + area.width - zero > 34) context.fillText("0", zero, area.y + area.height + 2);
}

/** f over the range of the pre-activations, faintly, scaled to its own span. */
function activationCurve(context, { curve }, area, colours) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of curve) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const span = high - low || 1;
  context.beginPath();
  curve.forEach((value, i) => context.lineTo(area.x + (area.width * i) / (curve.length - 1), area.y + area.height - 4 - ((area.height - 8) * (value - low)) / span));
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.6;
  context.stroke();
}

function health(context, layer, x, y, width, colours) {
  const { dead, saturated, nonfinite } = layer;
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = (canDie(layer) && dead > 0.5) || saturated > 0.8 || nonfinite > 0 ? colours.warning : colours.muted;
  context.fillText(healthText(layer, (text) => context.measureText(text).width <= width + PAD), x, y);
}

/** How a layer fares, in the longest words that fit; in none where none do. */
export function healthText(layer, fits) {
  const { dead, saturated, nonfinite } = layer;
  const said = [`saturated ${percent(saturated)}`, `sat. ${percent(saturated)}`];
  const died = `dead ${percent(dead)}`;
  const alone = canDie(layer) && dead > saturated ? [died] : said;
  const both = canDie(layer) ? said.map((each) => `${died} · ${each}`) : [];
  return (nonfinite > 0 ? [`overflow ${percent(nonfinite)}`] : [...both, ...alone]).find(fits) ?? "";
}

function describe(layers) {
  return layers.map((layer) => `${layer.name}: ${layer.units} units, activations ${number(layer.activations.low)} to ${number(layer.activations.high)}, ${canDie(layer) ? `dead ${percent(layer.dead)}, ` : ""}saturated ${percent(layer.saturated)}`).join("; ");
}
