// The member under the pointer: the nearest line at the nearest step.

import { listen } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { memberName } from "../variation.js";

const REACH = 24; // pixels

/** Emphasises the member under the pointer in all sections; returns a function that ends it. */
export function followPointer(section) {
  const { canvas, experiment } = section;
  const leave = () => {
    hideTooltip();
    experiment.hover(null);
  };
  const move = (event) => {
    const found = nearest(section, event.offsetX, event.offsetY);
    if (!found) return leave();
    experiment.hover(found.run);
    const member = experiment.members.find(({ run }) => run === found.run);
    const values = { name: memberName(experiment, member), x: number(found.x), value: number(found.value) };
    return showTooltip(event, t(`experiment.curves.at_${section.axis.value()}`, values));
  };
  const ends = [listen(canvas, "pointermove", move), listen(canvas, "pointerleave", leave)];
  return () => ends.forEach((end) => end());
}

/** { run, x, value } of the line that is nearest to a place on the canvas, or null. */
function nearest({ drawn }, left, top) {
  let best = null;
  for (const { run, xs, values } of drawn?.lines ?? []) {
    const i = nearestIndex(xs, values, (x) => Math.abs(drawn.toX(x) - left));
    if (i < 0) continue;
    const distance = Math.hypot(drawn.toY(values[i]) - top, (drawn.toX(xs[i]) - left) / 2);
    if (distance < (best?.distance ?? REACH)) best = { run, x: xs[i], value: values[i], distance };
  }
  return best;
}

function nearestIndex(xs, values, distance) {
  let best = -1;
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] === null || values[i] === null) continue;
    if (best < 0 || distance(xs[i]) < distance(xs[best])) best = i;
  }
  return best;
}
