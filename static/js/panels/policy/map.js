// The policy as a map on canvas.

import { cividis } from "../../core/cividis.js";
import { pack } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { drawAxes, drawAxisNames } from "../shared/axes.js";
import { drawClassMarks } from "../shared/class-marks.js";
import { paint } from "../shared/heat-map.js";
import { classImage, image } from "../shared/images.js";
import { fitCanvas } from "../shared/panel.js";
import { ENTROPY, MOST_PROBABLE, quantityName } from "./quantities.js";

const TABLE = Array.from({ length: 256 }, (_, i) => pack(cividis(i / 255)));
const MARGIN = { left: 42, right: 10, top: 8, bottom: 26 };

export function drawMap({ canvas, box }, frame, quantity, colours) {
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 80 || height < 80) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const area = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  paint(context, quantityImage(frame, quantity), area.x, area.y, area.width, area.height);
  const [count, rows, columns] = frame.values.shape;
  if (quantity === MOST_PROBABLE) drawClassMarks(context, frame.values, count, rows, columns, area);
  drawAxes(context, axesOf(frame, area), area, colours);
  drawAxisNames(context, area, frame.axes, colours);
  setAttribute(canvas, "aria-label", description(frame, quantity));
}

function axesOf({ x, y }, area) {
  return {
    x,
    y,
    toX: (value) => area.x + (area.width * (value - x[0])) / (x[1] - x[0]),
    toY: (value) => area.y + area.height - (area.height * (value - y[0])) / (y[1] - y[0]),
  };
}

function quantityImage(frame, quantity) {
  const [count, rows, columns] = frame.values.shape;
  if (quantity === MOST_PROBABLE) return classImage("policy", frame.values, count, rows, columns);
  const maximum = quantity === ENTROPY ? frame.most : 1;
  const values = quantity === ENTROPY ? frame.entropy : probabilities(frame, quantity);
  return image("policy", rows, columns, (i) => colour(values[i] / maximum));
}

function probabilities({ values, names }, action) {
  const size = values.shape[1] * values.shape[2];
  const index = names.indexOf(action);
  return values.subarray(index * size, (index + 1) * size);
}

/** The packed colour of a fraction from 0 to 1; transparent for non-finite values. */
function colour(fraction) {
  return Number.isFinite(fraction) ? TABLE[Math.min(255, Math.max(0, Math.round(255 * fraction)))] : 0;
}

function description(frame, quantity) {
  return t("panel.policy.description", {
    shown: quantityName(quantity),
    axes: frame.axes.join(", "),
    step: frame.step,
    entropy: number(frame.mean_entropy),
    maximum: number(frame.most),
  });
}
