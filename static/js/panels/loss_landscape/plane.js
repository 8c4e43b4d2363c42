// The landscape on canvas: a curve over one weight, or a plane with contour lines and the path of the training.

import { cividis, pack } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";
import { chart, dot, line, span } from "../shared/chart.js";
import { traceLevel } from "../shared/heat-map.js";
import { fitCanvas } from "../shared/panel.js";
import { ticks } from "../shared/scales.js";
import { t } from "../../core/text.js";

/** Names of units and weights with indices from 1. */
export const fromOne = (text) =>
  text.replace(
    /\b(unit|weight) (\d+)/g,
    (_, what, index) => `${what === "weight" ? "from" : what} ${Number(index) + 1}`,
  );

const LEVELS = 14;
const TABLE = Array.from({ length: 256 }, (_, i) => pack(cividis(i / 255)));
const MARGIN = { left: 46, right: 92, top: 8, bottom: 30 };

export function drawWeight(canvas, frame, colours) {
  const { values, loss, present, next, tangent, walked, weight } = frame;
  const [low, high] = span(values);
  const [least, most] = span(loss);
  const room = (most - least) * 0.06;
  chart(canvas, {
    colours,
    x: { low, high, name: fromOne(weight.text) },
    y: { low: least - room, high: most + room, name: t("panel.loss_landscape.loss") },
    label: t("panel.loss_landscape.weight_description", {
      weight: fromOne(weight.text),
      value: number(present.value),
      loss: number(present.loss),
      slope: number(frame.slope),
      next: number(next?.value),
    }),
    marks: (context, toX, toY, area) => {
      if (walked) trail(context, walked.values, toX, area, colours);
      line(context, values, loss, toX, toY, { colour: colours.strong, width: 2.4 });
      line(context, tangent.values, tangent.loss, toX, toY, { colour: colours.accent, width: 2 });
      if (next) dot(context, toX(next.value), toY(next.loss), 6, colours.panel, colours.accent);
      dot(context, toX(present.value), toY(present.loss), 5, colours.accent, colours.panel);
    },
  });
}

/** Where the weight has been, as ticks along the lower side: the later the longer. */
function trail(context, values, toX, area, colours) {
  context.fillStyle = colours.muted;
  values.forEach((value, i) => {
    const tall = 4 + (10 * (i + 1)) / values.length;
    context.fillRect(toX(value) - 0.5, area.y + area.height - tall, 1, tall);
  });
}

export function drawPlane(canvas, frame, { width, height, colours }) {
  if (width < 120 || height < 80) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const area = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const [x0, x1, y0, y1] = [frame.x[0], frame.x.at(-1), frame.y[0], frame.y.at(-1)];
  const toX = (value) => area.x + (area.width * (value - x0)) / (x1 - x0);
  const toY = (value) => area.y + area.height - (area.height * (value - y0)) / (y1 - y0);
  const scale = lossScale(frame.loss);
  context.imageSmoothingEnabled = true;
  context.drawImage(heat(frame, scale), area.x, area.y, area.width, area.height);
  contours(context, frame, scale, area);
  walkedPath(context, frame, toX, toY, area, colours);
  axes(context, frame, { x0, x1, y0, y1, toX, toY, area }, colours);
  scaleBar(context, scale, { x: area.x + area.width + 14, y: area.y + 24, height: area.height - 32 }, colours);
  setAttribute(
    canvas,
    "aria-label",
    t("panel.loss_landscape.plane_description", {
      axes: frame.axes.join(", "),
      low: number(scale.low),
      high: number(scale.high),
      loss: number(frame.present.loss),
    }),
  );
}

/** Losses span decades: the colours follow their logarithm above the lowest. */
export function lossScale(loss) {
  const [low, high] = span(loss);
  const grain = Math.max((high - low) * 0.03, 1e-12);
  const whole = Math.log1p((high - low) / grain);
  return {
    low,
    high,
    share: (value) => Math.log1p(Math.max(0, value - low) / grain) / whole,
    at: (share) => low + grain * Math.expm1(share * whole),
  };
}

function heat({ loss, x, y }, scale) {
  const [columns, rows] = [x.length, y.length];
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = loss[row * columns + column];
      pixels[(rows - 1 - row) * columns + column] =
        TABLE[Number.isFinite(value) ? Math.round(255 * scale.share(value)) : 255];
    }
  context.putImageData(image, 0, 0);
  return canvas;
}

function contours(context, { loss, x, y }, scale, area) {
  context.strokeStyle = "rgba(255,255,255,.42)";
  context.lineWidth = 0.8;
  for (let i = 1; i < LEVELS; i++) {
    traceLevel(context, loss, y.length, x.length, scale.at(i / LEVELS), area);
    context.stroke();
  }
}

function walkedPath(context, { walked, present }, toX, toY, area) {
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  if (walked?.x.length) {
    const [xs, ys] = [
      [...walked.x, present.x],
      [...walked.y, present.y],
    ];
    line(context, xs, ys, toX, toY, { colour: "#14172a", width: 4 });
    line(context, xs, ys, toX, toY, { colour: "#fff", width: 2 });
    dot(context, toX(xs[0]), toY(ys[0]), 3.5, "#14172a", "#fff");
  }
  dot(context, toX(present.x), toY(present.y), 5.5, "#fff", "#14172a");
  context.restore();
}

function axes(context, frame, { x0, x1, y0, y1, toX, toY, area }, colours) {
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(x0, x1, 4)) context.fillText(number(value), toX(value), area.y + area.height + 3);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(y0, y1, 4)) context.fillText(number(value), area.x - 5, toY(value));
  context.fillStyle = colours.text;
  context.textBaseline = "bottom";
  context.fillText(
    `→ ${fromOne(frame.axes[0])}   ↑ ${fromOne(frame.axes[1])}`,
    area.x + area.width,
    area.y + area.height + 29,
    area.width + 30,
  );
}

function scaleBar(context, scale, { x, y, height }, colours) {
  const ramp = context.createLinearGradient(0, y + height, 0, y);
  for (let i = 0; i <= 16; i++) ramp.addColorStop(i / 16, `rgb(${cividis(i / 16).join()})`);
  context.fillStyle = ramp;
  context.fillRect(x, y, 9, height);
  context.fillStyle = colours.muted;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(t("panel.loss_landscape.loss"), x, y - 8);
  context.textBaseline = "middle";
  for (const share of [0, 0.33, 0.67, 1]) context.fillText(number(scale.at(share)), x + 14, y + height * (1 - share));
}
