// One column per layer: histograms of its current pre-activations and activations over the data.

import { setAttribute, h } from "../../core/dom.js";
import { number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { canDie } from "../../studio/units.js";
import { layoutColumns, shownLayers } from "../network/geometry.js";
import { FONT, LARGE } from "../shared/axes.js";
import { partText, showPart } from "../shared/data-part.js";
import { flatTexts, isSaturable } from "../shared/flat-values.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { drawCurve, drawHistogram } from "./histogram.js";

export const PADDING = 8; // CSS pixels at both sides of a column
const CAPTION_HEIGHT = 16 * LARGE;

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.activation_histograms.tab"),
    line: "",
    data: async () => (await import("./export.js")).savedLayers(store.get()),
  });
  const name = t("panel.activation_histograms.tab");
  const canvas = h("canvas", { role: "img", class: "layers-canvas", "aria-label": name });
  shell.body.append(canvas);
  return {
    name: "activation_histograms", section, moving: true, view: { canvas },
    needs: ["view:activation_histograms", "theme", "networkScroll", "draft", "layoutSize", "reference"],
    draw: (state) => {
      const frame = state["view:activation_histograms"];
      if (frame) showPart(shell, t("panel.activation_histograms.over", { part: partText(frame.part, frame.samples) }));
      draw(canvas, shell.body, state);
    },
  };
}

/** Draws the columns with the layout of the network graph and the same scroll position. */
function draw(canvas, body, state) {
  const [width, height] = [body.clientWidth, body.clientHeight];
  if (width < 20 || height < 40) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const allLayers = state["view:activation_histograms"]?.layers;
  if (!allLayers) return;
  const output = { ...allLayers.at(-1), isOutput: true };
  const layers = [...allLayers.slice(0, shownLayers(allLayers.length - 1)), output];
  const columns = layoutColumns(layers.length + 1, width);
  const drawOne = state.reference ? state.referenceModule.drawComparedLayer : drawLayer;
  const scroll = state.networkScroll ?? 0;
  context.save();
  context.translate(-scroll, 0);
  drawRowNames(context, columns.pitch - 14, height, state.colours);
  layers.forEach((layer, index) => {
    const x = columns.centre(index + 1) - columns.pitch / 2 + PADDING;
    const visible = x - scroll < width && x + columns.pitch - scroll > 0;
    if (visible) drawOne(context, layer, { x, width: columns.pitch - 2 * PADDING, height }, state.colours, state);
  });
  context.restore();
  const numberOf = ({ isOutput }, index) => (isOutput ? allLayers.length : index + 1);
  setAttribute(canvas, "aria-label", layers.map((layer, i) => describe(layer, numberOf(layer, i))).join("; "));
}

/** The positions of the rows of pre-activations (upper) and activations (lower); below each is a line of text. */
export function rows(panelHeight) {
  const height = (panelHeight - 3 * CAPTION_HEIGHT - 6) / 2;
  return { upper: { y: 2, height }, lower: { y: height + CAPTION_HEIGHT + 4, height } };
}

function drawRowNames(context, x, height, colours) {
  const { upper, lower } = rows(height);
  const names = [
    [upper, "z", t("panel.activation_histograms.preactivation")],
    [lower, "a = f(z)", t("panel.activation_histograms.activation")],
  ];
  context.font = FONT;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [row, symbol, name] of names) {
    const middle = row.y + row.height / 2;
    context.fillStyle = colours.text;
    context.fillText(symbol, x, middle - 7 * LARGE, x - 2);
    context.fillStyle = colours.muted;
    context.fillText(name, x, middle + 8 * LARGE, x - 2);
  }
}

function drawLayer(context, layer, { x, width, height }, colours) {
  const { upper, lower } = rows(height);
  drawHistogram(context, layer.preactivations, { x, width, ...upper }, colours.muted, colours);
  if (layer.curve) drawCurve(context, layer.curve, { x, width, ...upper }, colours.accent);
  drawHistogram(context, layer.activations, { x, width, ...lower }, colours.strong, colours);
  drawStatus(context, layer, { x: x + width / 2, y: height - 5, width: width + PADDING }, colours);
}

function drawStatus(context, layer, { x, y, width }, colours) {
  const { dead, saturated, nonfinite, isOutput } = layer;
  const isSaturated = saturated > 0.8 && isSaturable(layer, isOutput);
  const hasProblem = (canDie(layer) && dead > 0.5 && !isOutput) || isSaturated || nonfinite > 0;
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = hasProblem ? colours.warning : colours.muted;
  context.fillText(statusText(layer, (text) => context.measureText(text).width <= width), x, y);
}

/** The shares of dead units and flat values, in the longest text for which `fits` is true; "" if none fits. */
export function statusText(layer, fits) {
  const [dead, overflow] = [layer.dead, layer.nonfinite].map(percent);
  if (layer.nonfinite > 0) return [t("panel.activation_histograms.overflow", { share: overflow })].find(fits) ?? "";
  const saturation = flatTexts(layer, layer.isOutput);
  if (!canDie(layer)) return saturation.find(fits) ?? "";
  const death = t("panel.activation_histograms.dead", { share: dead });
  const combined = saturation.map((text) => `${death} · ${text}`);
  return [...combined, ...(layer.dead > layer.saturated ? [death] : saturation)].find(fits) ?? "";
}

function describe(layer, index) {
  const values = {
    index, count: layer.units,
    low: number(layer.activations.low), high: number(layer.activations.high),
    dead: percent(layer.dead), flat: flatTexts(layer, layer.isOutput)[0],
  };
  return canDie(layer)
    ? t("panel.activation_histograms.description_relu", values)
    : t("panel.activation_histograms.description", values);
}
