// The pointer on parallel coordinates: a drag along an axis chooses a range of it, a click on it chooses all again, and
// the member whose line is nearest is emphasised.

import { listen } from "../../../core/dom.js";

const NEAR_AXIS = 18; // pixels
const NEAR_LINE = 10;
const CLICK = 4; // pixels within which a press is a click

/**
 * Follows the pointer; returns a function that ends it. `view()` returns { drawn, axes }, `choose(path, range)` sets
 * the range of an axis, `hover(run, event)` emphasises a member (null: none). A finger scrolls the page: it has
 * the form fields.
 */
export function followBrush(canvas, view, { choose, hover }) {
  let drag = null;
  const down = (event) => {
    const index = event.pointerType === "touch" ? -1 : axisAt(view(), event.offsetX);
    if (index < 0) return;
    drag = { index, start: event.offsetY, isMoved: false };
    canvas.setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    if (!drag) {
      canvas.style.cursor = axisAt(view(), event.offsetX) < 0 ? "" : "ns-resize";
      return hover(lineAt(view(), event.offsetX, event.offsetY), event);
    }
    drag.isMoved ||= Math.abs(event.offsetY - drag.start) > CLICK;
    if (drag.isMoved) choose(...rangeOf(view(), drag.index, drag.start, event.offsetY));
  };
  const up = () => {
    if (drag && !drag.isMoved) choose(view().axes[drag.index].path, null);
    drag = null;
  };
  const ends = [
    listen(canvas, "pointerdown", down), listen(canvas, "pointermove", move), listen(canvas, "pointerup", up),
    listen(canvas, "pointercancel", () => (drag = null)), listen(canvas, "pointerleave", () => hover(null)),
  ];
  return () => ends.forEach((end) => end());
}

const axisAt = ({ drawn }, left) => (drawn?.xs ?? []).findIndex((x) => Math.abs(x - left) <= NEAR_AXIS);

function rangeOf({ drawn, axes }, index, ...tops) {
  const axis = axes[index];
  const places = tops.map((top) => Math.min(1, Math.max(0, 1 - (top - drawn.top) / drawn.height)));
  const ends = [Math.min(...places), Math.max(...places)].map((place) => axis.coordinateAt(place));
  return [axis.path, ends];
}

/** The id of the member whose line is nearest to a place, or null. */
function lineAt({ drawn }, left, top) {
  let best = { run: null, distance: NEAR_LINE };
  for (const { run, points } of drawn?.lines ?? []) {
    const next = points.findIndex(([x]) => x >= left);
    if (next < 1) continue;
    const [[x0, y0], [x1, y1]] = [points[next - 1], points[next]];
    const distance = Math.abs(y0 + ((y1 - y0) * (left - x0)) / (x1 - x0) - top);
    if (distance < best.distance) best = { run, distance };
  }
  return best.run;
}
