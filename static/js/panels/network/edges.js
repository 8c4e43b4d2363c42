// The weights as curves between units: colour by sign, width by magnitude. Edges of equal style share one path.

import { css, diverging } from "../../core/colours.js";

const LEVELS = 8;
const MAX_EDGES = 1500;
const NEGATIVE = css(diverging(0.2));
const POSITIVE = css(diverging(0.85));

/** The largest |weight|, but at least 0.5, so that the small weights of a new network are thin lines. */
export function weightScale(layers) {
  let largest = 0.5;
  for (const { weights } of layers)
    for (const weight of weights) if (weight > largest || -weight > largest) largest = Math.abs(weight);
  return Number.isFinite(largest) ? largest : 1;
}

/**
 * Draws the edges, those of the unit `focus` highlighted and the others dimmed. Returns {omitted, scale}: how many
 * edges are not drawn, and the largest |weight|.
 */
export function drawEdges(context, layout, layers, focus) {
  const scale = weightScale(layers);
  const total = layers.reduce(
    (sum, _, index) => sum + layout.columns[index].shown * layout.columns[index + 1].shown,
    0,
  );
  const minimum = total > MAX_EDGES ? minimumWeight(layout, layers, total) : 0;
  const groups = new Map();
  let omitted = 0;
  layers.forEach((layer, index) => {
    // Where layers are left out, the columns beside the gap are not connected.
    const adjacent = layout.columns[index + 1].layer === layout.columns[index].layer + 1;
    if (adjacent) omitted += groupEdges(groups, layout, layer, index, { scale, minimum, focus });
  });
  for (const [key, edges] of [...groups].sort(([a], [b]) => a - b)) drawGroup(context, key, edges, focus);
  return { omitted, scale };
}

/** The |weight| below which edges are omitted, so that about MAX_EDGES remain. */
function minimumWeight(layout, layers, total) {
  const sample = [];
  layers.forEach(({ weights }) => {
    const stride = Math.max(1, Math.floor(total / 20000));
    for (let i = 0; i < weights.length; i += stride) sample.push(Math.abs(weights[i]));
  });
  sample.sort((a, b) => b - a);
  return sample[Math.min(sample.length - 1, Math.floor((sample.length * MAX_EDGES) / total))];
}

/** Adds the edges of a layer as [x0, y0, x1, y1, ...] to the group of their style; returns how many are omitted. */
function groupEdges(groups, layout, { weights }, index, { scale, minimum, focus }) {
  const [from, to] = [layout.columns[index], layout.columns[index + 1]];
  const columns = weights.shape[1];
  let omitted = 0;
  for (let i = 0; i < from.shown; i++) {
    const start = layout.unitCentre(index, i);
    for (let j = 0; j < to.shown; j++) {
      const weight = weights[i * columns + j];
      if (Math.abs(weight) < minimum || weight !== weight) {
        omitted += 1;
        continue;
      }
      const level = Math.min(LEVELS - 1, Math.floor((LEVELS * Math.abs(weight)) / scale));
      const focused =
        focus && ((focus.layer === from.layer && focus.unit === i) || (focus.layer === to.layer && focus.unit === j));
      const key = (focused ? 2 * LEVELS : 0) + 2 * level + (weight > 0 ? 1 : 0);
      const end = layout.unitCentre(index + 1, j);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(start.x + from.tile / 2, start.y, end.x - to.tile / 2, end.y);
    }
  }
  return omitted;
}

function drawGroup(context, key, edges, focus) {
  const focused = key >= 2 * LEVELS;
  const level = Math.floor((key % (2 * LEVELS)) / 2) / (LEVELS - 1);
  context.beginPath();
  for (let i = 0; i < edges.length; i += 4) {
    const [x0, y0, x1, y1] = [edges[i], edges[i + 1], edges[i + 2], edges[i + 3]];
    const bend = (x1 - x0) * 0.45;
    context.moveTo(x0, y0);
    context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
  }
  context.globalAlpha = focused ? 1 : (0.28 + 0.62 * level) * (focus ? 0.3 : 1);
  context.strokeStyle = key % 2 ? POSITIVE : NEGATIVE;
  context.lineWidth = 0.6 + 4.2 * level + (focused ? 0.6 : 0);
  context.stroke();
  context.globalAlpha = 1;
}
