// The strip above the axis of the time line: how much the parameters changed from one recorded step to the next.

import { countUpTo } from "./recorded.js";

const DECADES = 4; // that are drawn; smaller changes have the least height
const LEAST = 1.5; // pixels

/** The update norm of the interval between two recorded steps in which a step lies; null if it is unknown. */
export function normAt({ steps, norms }, step) {
  const index = countUpTo(steps, step);
  return norms[steps[index - 1] === step ? index - 1 : index] ?? null;
}

/** Draws the norms on a logarithmic scale from `bottom` up to `top`; what lies after the shown step is paler. */
export function drawStrip({ context, colours, x }, { steps, norms }, { top, bottom, shown }) {
  const { area, outline } = shapeOf({ steps, norms, x, top, bottom });
  context.lineWidth = 1;
  context.fillStyle = context.strokeStyle = colours.muted;
  const middle = shown === null ? x(Infinity) : x(shown);
  for (const [from, to, strength] of [[0, middle, 1], [middle, x(Infinity), 0.4]]) {
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, bottom);
    context.clip();
    context.globalAlpha = 0.3 * strength;
    context.fill(area);
    context.globalAlpha = strength;
    context.stroke(outline);
    context.restore();
  }
}

const shapes = new WeakMap(); // the newest shape of each list of norms, with the ends of its axis

/** The strip as paths; the same ones while the norms and the axis stay, as when the pointer moves. */
function shapeOf({ steps, norms, x, top, bottom }) {
  const ends = [x(0), x(1), x(steps.at(-1)), top, bottom].join();
  if (shapes.get(norms)?.ends !== ends) shapes.set(norms, { ends, ...paths({ steps, norms, x, top, bottom }) });
  return shapes.get(norms);
}

function paths({ steps, norms, x, top, bottom }) {
  const height = heightOf(norms, bottom - top);
  const [area, outline] = [new Path2D(), new Path2D()];
  for (let i = 1; i < steps.length; i++) {
    if (norms[i] === null) continue;
    const [left, right, level] = [x(steps[i - 1]), x(steps[i]), bottom - height(norms[i])];
    area.rect(left, level, right - left, bottom - level);
    if (norms[i - 1] === null) outline.moveTo(left, level);
    outline.lineTo(left, level);
    outline.lineTo(right, level);
  }
  return { area, outline };
}

/** A function from a norm to its height in pixels. */
function heightOf(norms, full) {
  const logarithms = norms.filter((norm) => norm > 0).map(Math.log10);
  const high = Math.max(...logarithms);
  const low = Math.max(Math.min(...logarithms), high - DECADES);
  const share = (norm) => (norm > 0 ? Math.max(0, (Math.log10(norm) - low) / (high - low || 1)) : 0);
  return (norm) => LEAST + (full - LEAST) * share(norm);
}
