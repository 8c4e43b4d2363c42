// The data points on a map: training points filled, others hollow, in the colour of their class or value.

import { NEUTRAL, classColour, css, signed } from "../../core/colours.js";
import { t } from "../../core/text.js";
import { firstValue, taskOf } from "./scales.js";

const MAX_POINTS = 4000;

/** "Training point 12". */
export const pointName = (part, index) => t(`panel.shared.point.${part}`, { index });

/** The points of the run as {x, y, part, index, target, inputs}; x and y are coordinates of the map. */
export function plottedPoints(state, frame) {
  const { points, showTest } = state;
  if (!points) return [];
  const parts = ["train", "validation", "test"].filter((part) => part === "train" || showTest);
  return parts.flatMap((part) => {
    const { inputs, targets } = points[part] ?? {};
    const point = ([x, y], i) => ({ x, y, part, index: i, target: targets[i], inputs: inputs[i] });
    return coordinates(points, part, frame)
      .slice(0, Math.min(MAX_POINTS, inputs?.length ?? 0))
      .map(point);
  });
}

/** [x, y] of each point of a part; the frame of a projected map contains them. */
function coordinates(points, part, frame) {
  if (!points[part]) return [];
  if (frame?.projected) return rows(frame.points?.[part]);
  const { inputs, targets } = points[part];
  return inputs.length && inputs[0].length === 1 ? inputs.map((row, i) => [row[0], firstValue(targets[i])]) : inputs;
}

function rows(array) {
  if (!array) return [];
  if (!array.shape) return array;
  return Array.from({ length: array.shape[0] }, (_, i) => [array[2 * i], array[2 * i + 1]]);
}

/** The colour of a point: by its class, its value, or whether it has the selected label. */
export function pointColour(state, target, scale) {
  const task = taskOf(state);
  if (task === "control") return NEUTRAL;
  if (task === "regression") return signed(firstValue(target), scale);
  if (task === "multilabel") return classColour(target[state.shownLabel ?? 0] ? 1 : 0);
  return classColour(firstValue(target));
}

/** Draws the points that plottedPoints() returned. */
export function drawPoints(context, state, points, { toX, toY, scale, radius }) {
  const isContinuous = ["regression", "control"].includes(taskOf(state));
  for (const { x, y, part, target } of points) {
    const colour = pointColour(state, target, scale);
    context.beginPath();
    context.arc(toX(x), toY(y), part === "train" ? radius : radius - 0.4, 0, 2 * Math.PI);
    if (part === "train") fillAndStroke(context, css(colour), isContinuous ? "rgba(20,24,40,.75)" : "#fff", 1);
    else
      fillAndStroke(context, ...(isContinuous ? [css(colour), "#fff"] : ["rgba(255,255,255,.82)", css(colour)]), 1.5);
  }
}

function fillAndStroke(context, fill, line, width) {
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = line;
  context.lineWidth = width;
  context.stroke();
}

/** The point nearest to (px, py) on the canvas within `maxDistance` pixels, or null. */
export function nearestPoint(points, px, py, { toX, toY }, maxDistance = 9) {
  let nearest = null;
  let distance = maxDistance * maxDistance;
  for (const point of points) {
    const d = (toX(point.x) - px) ** 2 + (toY(point.y) - py) ** 2;
    if (d < distance) [nearest, distance] = [point, d];
  }
  return nearest;
}
