// The loss over a plane on canvas: a colour map with contour lines and the path of the training.

import { cividis } from "../../core/cividis.js";
import { pack } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT } from "../shared/axes.js";
import { dot, line } from "../shared/chart.js";
import { traceLevel } from "../shared/heat-map.js";
import { image } from "../shared/images.js";
import { fitCanvas } from "../shared/panel.js";
import { ticks } from "../shared/scales.js";
import { axisNames } from "./names.js";
import { lossScale } from "./scale.js";

const LEVELS = 14;
const TABLE = Array.from({ length: 256 }, (_, i) => pack(cividis(i / 255)));
const MARGIN = { left: 46, right: 92, top: 8, bottom: 30 };
const DARK = "#14172a";

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
  const axes = axesOf(frame, area);
  const scale = lossScale(frame.loss);
  context.imageSmoothingEnabled = true;
  context.drawImage(lossImage(frame, scale), area.x, area.y, area.width, area.height);
  drawContours(context, frame, scale, area);
  drawPath(context, frame, axes, area);
  drawTicks(context, frame, axes, area, colours);
  drawScale(context, scale, { x: area.x + area.width + 14, y: area.y + 24, height: area.height - 32 }, colours);
  setAttribute(canvas, "aria-label", description(frame, scale));
}

/** The ranges of both axes, and the functions that convert values to canvas coordinates. */
function axesOf(frame, area) {
  const [x, y] = [frame.x, frame.y].map((values) => [values[0], values.at(-1)]);
  return {
    x,
    y,
    toX: (value) => area.x + (area.width * (value - x[0])) / (x[1] - x[0]),
    toY: (value) => area.y + area.height - (area.height * (value - y[0])) / (y[1] - y[0]),
  };
}

/** One pixel per loss; the brightest colour where it is not finite. */
function lossImage({ loss, x, y }, scale) {
  const colour = (value) => TABLE[Number.isFinite(value) ? Math.round(255 * scale.fractionOf(value)) : 255];
  return image("loss-landscape", y.length, x.length, (i) => colour(loss[i]));
}

function drawContours(context, { loss, x, y }, scale, area) {
  context.strokeStyle = "rgba(255,255,255,.42)";
  context.lineWidth = 0.8;
  for (let i = 1; i < LEVELS; i++) {
    traceLevel(context, loss, y.length, x.length, scale.lossAt(i / LEVELS), area);
    context.stroke();
  }
}

/** The path of the training as a white line with a dark edge, and the current weights. */
function drawPath(context, { walked, present }, { toX, toY }, area) {
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  if (walked?.x.length) {
    const xs = [...walked.x, present.x];
    const ys = [...walked.y, present.y];
    line(context, xs, ys, toX, toY, { colour: DARK, width: 4 });
    line(context, xs, ys, toX, toY, { colour: "#fff", width: 2 });
    dot(context, toX(xs[0]), toY(ys[0]), 3.5, DARK, "#fff");
  }
  dot(context, toX(present.x), toY(present.y), 5.5, "#fff", DARK);
  context.restore();
}

function drawTicks(context, frame, { x, y, toX, toY }, area, colours) {
  const bottom = area.y + area.height;
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(...x, 4)) context.fillText(number(value), toX(value), bottom + 3);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(...y, 4)) context.fillText(number(value), area.x - 5, toY(value));
  context.fillStyle = colours.text;
  context.textBaseline = "bottom";
  const [horizontal, vertical] = axisNames(frame);
  context.fillText(`→ ${horizontal}   ↑ ${vertical}`, area.x + area.width, bottom + 29, area.width + 30);
}

/** The colour scale of the loss, right of the plane. */
function drawScale(context, scale, { x, y, height }, colours) {
  const ramp = context.createLinearGradient(0, y + height, 0, y);
  for (let i = 0; i <= 16; i++) ramp.addColorStop(i / 16, `rgb(${cividis(i / 16).join()})`);
  context.fillStyle = ramp;
  context.fillRect(x, y, 9, height);
  context.fillStyle = colours.muted;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(t("panel.loss_landscape.loss"), x, y - 8);
  context.textBaseline = "middle";
  for (const fraction of [0, 0.33, 0.67, 1])
    context.fillText(number(scale.lossAt(fraction)), x + 14, y + height * (1 - fraction));
}

function description(frame, { low, high }) {
  return t("panel.loss_landscape.plane_description", {
    axes: axisNames(frame).join(", "),
    low: number(low),
    high: number(high),
    loss: number(frame.present.loss),
  });
}
