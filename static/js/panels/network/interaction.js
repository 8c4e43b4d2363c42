// The pointer and the keyboard on the graph: hover, pin and compare units.

import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { unitName } from "../../studio/units.js";
import { unitAt } from "./geometry.js";

export function listenToPointer(view, actions) {
  const { canvas, scroller, store } = view;
  const unitUnder = (event) => view.layout && unitAt(view.layout, event.offsetX + scroller.scrollLeft, event.offsetY);
  canvas.addEventListener("pointermove", (event) => {
    const unit = unitUnder(event);
    actions.hover(unit);
    canvas.style.cursor = unit ? "pointer" : "";
    if (unit) showTooltip(event, unitName(store.get(), unit)); // panels/unit_numbers adds numbers once it is loaded
    else hideTooltip();
  });
  canvas.addEventListener("pointerleave", () => {
    actions.hover(null);
    hideTooltip();
  });
  canvas.addEventListener("click", (event) => {
    const unit = unitUnder(event);
    if (unit && event.shiftKey) actions.keep(unit);
    else actions.pin(unit);
  });
  canvas.addEventListener("mousedown", (event) => {
    // A click must not move the focus here: the arrow keys would then move the pinned unit.
    event.preventDefault();
    document.activeElement?.blur();
  });
  scroller.addEventListener("scroll", () => store.set({ networkScroll: scroller.scrollLeft }));
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Arrow keys move the pinned unit while the graph has the focus. */
export function listenToKeys(view, actions) {
  const { canvas, store } = view;
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Escape") canvas.blur();
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    const direction = DIRECTIONS[event.key];
    if (modified || !direction || !view.layout) return;
    event.preventDefault();
    event.stopPropagation();
    actions.pin(neighbour(view.layout, store.get().pinned ?? { layer: -1, unit: -1 }, direction), true);
  });
}

function neighbour({ columns }, { layer, unit }, [across, down]) {
  const next = Math.min(columns.length - 2, Math.max(-1, layer + across));
  const count = columns[next + 1].shown;
  return { layer: next, unit: Math.min(count - 1, Math.max(0, unit + down)) };
}
