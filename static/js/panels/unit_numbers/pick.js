// Finds the unit, the edge or the bias of the graph that is under the pointer.

import { biasAt, unitAt } from "../network/geometry.js";

const REACH = 5; // CSS pixels between the pointer and an edge
const FINGER_REACH = 14; // the same for touch, and for the dot of a bias outside its unit
const BEND = 0.45; // the horizontal distance of the control points in network/edges.js

/** The parameter t of the Bezier curve at which its relative x is `target`, by bisection; both from 0 to 1. */
function curveParameter(target) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    const x = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t * t * (1 - t) + t ** 3;
    if (x < target) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** What is under the pointer: {unit}, or {edge}, a weight with its source, or the bias of a unit. */
export function underPointer({ layout, scroller }, { offsetX, offsetY, pointerType }) {
  if (!layout) return { unit: null, edge: null };
  const x = offsetX + scroller.scrollLeft;
  const unit = unitAt(layout, x, offsetY);
  if (unit) return { unit, edge: null };
  const isFinger = pointerType === "touch";
  const bias = biasAt(layout, x, offsetY, isFinger ? FINGER_REACH : undefined);
  return { unit, edge: bias ?? edgeAt(layout, x, offsetY, isFinger ? FINGER_REACH : REACH) };
}

/** The edge nearest to (x, y) within `reach` as {layer, unit, source}, or null; it ends at `unit` of `layer`. */
function edgeAt(layout, x, y, reach) {
  let [best, distance] = [null, reach];
  for (let index = 1; index < layout.columns.length; index++) {
    const [from, to] = [layout.columns[index - 1], layout.columns[index]];
    if (to.layer !== from.layer + 1) continue;
    for (let source = 0; source < from.shown; source++) {
      for (let unit = 0; unit < to.shown; unit++) {
        const gap = Math.abs(edgeHeight(endsOf(layout, index, source, unit), x) - y);
        if (gap < distance) [best, distance] = [{ layer: to.layer, unit, source }, gap];
      }
    }
  }
  return best;
}

/** The two ends of an edge. */
function endsOf({ columns, unitCentre }, index, source, unit) {
  const [start, end] = [unitCentre(index - 1, source), unitCentre(index, unit)];
  const [left, right] = [start.x + columns[index - 1].tile / 2, end.x - columns[index].tile / 2];
  return { left, right, start: start.y, end: end.y };
}

/** The height of an edge at `x`; NaN beside it. */
function edgeHeight({ left, right, start, end }, x) {
  if (x <= left || x >= right) return NaN;
  const t = curveParameter((x - left) / (right - left));
  return start + (end - start) * (3 * t * t - 2 * t ** 3);
}

/** The point of an edge at parameter t. */
export function pointOnEdge(layout, index, source, unit, t) {
  const { left, right, start, end } = endsOf(layout, index, source, unit);
  const relativeX = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t * t * (1 - t) + t ** 3;
  return { x: left + (right - left) * relativeX, y: start + (end - start) * (3 * t * t - 2 * t ** 3) };
}
