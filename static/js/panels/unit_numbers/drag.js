// Dragging a line of the graph, or the dot of a bias, changes its weight while the pointer moves.

import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { valueOf } from "../../studio/weight-edits.js";
import { weightScale } from "../network/edges.js";
import { weightText } from "./descriptions.js";
import { underPointer } from "./pick.js";

const THRESHOLD = 4; // CSS pixels; a shorter movement is a click
const INTERVAL = 100; // ms between two edits
const PIXELS = 100; // CSS pixels to the right or up that add the largest |weight|, at least 1
const FINE = 0.1; // with Shift

/**
 * Listens to `view.network.canvas` before its other listeners, which see neither the movement nor the click of a drag.
 * One edit is sent at most every 100 ms, and the last one at the end; together they are one step of undo.
 */
export function listenToDrags(view) {
  const { canvas } = view.network;
  const capture = { capture: true };
  canvas.addEventListener("pointerdown", (event) => begin(view, event), capture);
  canvas.addEventListener("pointermove", (event) => view.drag && move(view, event), capture);
  // A finger that drags a line does not scroll: this is decided at its first movement.
  canvas.addEventListener("touchmove", (event) => view.drag && event.preventDefault(), { ...capture, passive: false });
  for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => end(view), capture);
  canvas.addEventListener("click", (event) => {
    if (view.wasDragged) event.stopImmediatePropagation();
    view.wasDragged = false;
  }, capture);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !view.drag?.begun) return;
    event.stopPropagation();
    set(view, view.drag.first);
    end(view);
  }, capture);
}

function begin(view, event) {
  if (!event.isPrimary) return;
  const { edge } = underPointer(view.network, event);
  view.wasDragged = false;
  if (!edge || event.button) return;
  const { "view:network": frame } = view.store.get();
  const first = frame && valueOf(frame, edge);
  if (!Number.isFinite(first)) return;
  const step = Math.max(1, weightScale(frame.layers)) / PIXELS;
  view.drag = { edge, first, value: first, step, x: event.clientX, y: event.clientY, sentAt: 0, begun: false };
}

function move(view, event) {
  const { drag, store } = view;
  const [across, up] = [event.clientX - drag.x, drag.y - event.clientY];
  if (!drag.begun) {
    if (Math.hypot(across, up) < THRESHOLD) return;
    if (scrolls(event, across, up)) return (view.drag = null);
    if (!start(view, event)) return;
  }
  event.stopImmediatePropagation();
  drag.value += (across + up) * drag.step * (event.shiftKey ? FINE : 1);
  Object.assign(drag, { x: event.clientX, y: event.clientY });
  set(view, Number(drag.value.toPrecision(3)));
  showTooltip(event, weightText(store.get(), drag.edge, drag.shown));
}

/** Whether a first movement scrolls the page: of a finger up or down, where the page is higher than its window. */
function scrolls({ pointerType }, across, up) {
  return pointerType === "touch" && Math.abs(up) > Math.abs(across)
    && document.documentElement.scrollHeight > innerHeight;
}

/** Begins the edits of a drag; false while an earlier step is shown, which cannot be edited. */
function start(view, { pointerId }) {
  const { drag, store, actions, edits, network: { canvas } } = view;
  if (store.get().shown) {
    view.drag = null;
    actions.editWeights({}); // refused, and said so
    return false;
  }
  canvas.setPointerCapture(pointerId);
  canvas.style.cursor = "grabbing";
  actions.hover(null);
  edits.remember([drag.edge]);
  Object.assign(view, { wasDragged: true, pointerTarget: null });
  return (drag.begun = true);
}

/** Sends a value at the end of the interval since the last edit. */
function set({ drag, edits }, value) {
  drag.shown = value;
  drag.send = () => {
    drag.sentAt = performance.now();
    edits.send({ weights: [{ ...drag.edge, value }] });
  };
  clearTimeout(drag.timer);
  drag.timer = setTimeout(drag.send, drag.sentAt + INTERVAL - performance.now());
}

function end(view) {
  const { drag, network: { canvas } } = view;
  view.drag = null;
  if (!drag?.begun) return;
  clearTimeout(drag.timer);
  drag.send();
  canvas.style.cursor = "";
  hideTooltip();
}
