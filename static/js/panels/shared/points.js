// The data points over a map: training points solid, test points hollow, each in the colour of its class or value.

import { NEUTRAL, classColour, css, signed } from "../../core/colours.js";
import { first, taskOf } from "./scales.js";

const MOST = 4000;

/** Points of the run as {x, y, target, part} in the coordinates of the picture (projected ones come with the frame). */
export function placedPoints(state, frame) {
  const { points, showTest } = state;
  if (!points) return [];
  const parts = ["train", "validation", "test"].filter((part) => part === "train" || showTest);
  return parts.flatMap((part) => {
    const places = pairs(points, part, frame);
    return places.slice(0, Math.min(MOST, points[part].inputs.length)).map(([x, y], i) => ({ x, y, part, index: i, target: points[part].targets[i], inputs: points[part].inputs[i] }));
  });
}

function pairs(points, part, frame) {
  if (!points[part]) return [];
  if (frame?.projected) return rows(frame.points?.[part]);
  const { inputs, targets } = points[part];
  return inputs.length && inputs[0].length === 1 ? inputs.map((row, i) => [row[0], first(targets[i])]) : inputs;
}

function rows(array) {
  if (!array) return [];
  if (!array.shape) return array;
  return Array.from({ length: array.shape[0] }, (_, i) => [array[2 * i], array[2 * i + 1]]);
}

/** Colour of a point: its class, its value, or whether it carries the chosen label. */
export function pointColour(state, target, scale) {
  const task = taskOf(state);
  if (task === "control") return NEUTRAL;
  if (task === "regression") return signed(first(target), scale);
  if (task === "multilabel") return classColour(target[state.label ?? 0] ? 1 : 0);
  return classColour(first(target));
}

/** Draw them all; `toX` and `toY` place them. */
export function drawPoints(context, state, placed, { toX, toY, scale, radius }) {
  const flip = ["regression", "control"].includes(taskOf(state));
  for (const { x, y, part, target } of placed) {
    const colour = pointColour(state, target, scale);
    context.beginPath();
    context.arc(toX(x), toY(y), part === "train" ? radius : radius - 0.4, 0, 2 * Math.PI);
    if (part === "train") stroke(context, css(colour), flip ? "rgba(20,24,40,.75)" : "#fff", 1);
    else stroke(context, flip ? css(colour) : "rgba(255,255,255,.82)", flip ? "#fff" : css(colour), 1.5);
  }
}

function stroke(context, fill, line, width) {
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = line;
  context.lineWidth = width;
  context.stroke();
}

/** The point nearest to a place on the canvas, within `reach` pixels. */
export function nearest(placed, px, py, { toX, toY }, reach = 9) {
  let best = null;
  let distance = reach * reach;
  for (const point of placed) {
    const d = (toX(point.x) - px) ** 2 + (toY(point.y) - py) ** 2;
    if (d < distance) [best, distance] = [point, d];
  }
  return best;
}
