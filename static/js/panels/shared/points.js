// The data points on a map: shape and colour of their class, or the colour of their value.

import { NEUTRAL, css, signed } from "../../core/colours.js";
import { firstValue, taskOf } from "./scales.js";
import { drawGlyph } from "./shapes.js";

const MAX_POINTS = 4000;

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

/** The class of a point: 0 or 1 by the selected label with several; null where targets are no classes. */
function classOf(state, task, target) {
  if (task === "regression" || task === "control") return null;
  return task === "multilabel" ? Number(target[state.shownLabel ?? 0] > 0) : firstValue(target);
}

/** Draws the points that plottedPoints() returned. */
export function drawPoints(context, state, points, { toX, toY, scale, radius }) {
  const task = taskOf(state);
  for (const { x, y, part, target } of points) {
    const index = classOf(state, task, target);
    const value = () => css(task === "control" ? NEUTRAL : signed(firstValue(target), scale));
    drawGlyph(context, index ?? 0, part, toX(x), toY(y), radius, index === null ? value() : undefined);
  }
}
