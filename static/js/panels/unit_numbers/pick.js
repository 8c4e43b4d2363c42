// Finds the edge of the graph that is under the pointer.

const REACH = 5;
const BEND = 0.45; // of the curves in network/edges.js

/** The parameter t of the Bezier curve at which its x is `across`, both from 0 to 1. */
function shareAt(across) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    const x = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t * t * (1 - t) + t ** 3;
    if (x < across) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** The nearest edge as {layer, unit, source}, or null; `layer` and `unit` are its target. */
export function edgeAt(shape, x, y) {
  for (let index = 1; index < shape.columns.length; index++) {
    const [from, to] = [shape.columns[index - 1], shape.columns[index]];
    const [left, right] = [from.x + from.tile / 2, to.x - to.tile / 2];
    if (x <= left || x >= right || to.layer !== from.layer + 1) continue;
    const t = shareAt((x - left) / (right - left));
    return nearest(shape, index, 3 * t * t - 2 * t ** 3, y);
  }
  return null;
}

function nearest(shape, index, share, y) {
  let [best, distance] = [null, REACH];
  const [from, to] = [shape.columns[index - 1], shape.columns[index]];
  for (let source = 0; source < from.shown; source++) {
    const start = shape.place(index - 1, source).y;
    for (let unit = 0; unit < to.shown; unit++) {
      const away = Math.abs(start + (shape.place(index, unit).y - start) * share - y);
      if (away < distance) [best, distance] = [{ layer: to.layer, unit, source }, away];
    }
  }
  return best;
}

/** The point at parameter t of an edge, for marks. */
export function along(shape, index, source, unit, t) {
  const [from, to] = [shape.columns[index - 1], shape.columns[index]];
  const [left, right] = [from.x + from.tile / 2, to.x - to.tile / 2];
  const across = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t * t * (1 - t) + t ** 3;
  const [start, end] = [shape.place(index - 1, source).y, shape.place(index, unit).y];
  return { x: left + (right - left) * across, y: start + (end - start) * (3 * t * t - 2 * t ** 3) };
}
