// Drawing points while the network trains: keeps a model of the points that is ahead of the server, and sends changes.

import { h, setAttribute } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { classNames, taskOf } from "../shared/scales.js";
import { canDraw } from "./display-options.js";
import { listenToKeys, listenToPointer } from "./draw-strokes.js";
import { buildTools, showCount } from "./draw-tools.js";
import { countsOf, modelOf, operationsOf, shownPoints } from "./drawn-points.js";

/** Adds the tools under the map; `actions.editPoints(operations)` sends changes and resolves to the event, or null. */
export function startDrawing(view, store, actions) {
  const bar = h("div", { class: "draw-bar", role: "group", "aria-label": t("panel.decision_boundary.draw.title") });
  const cross = h("div", { class: "draw-mark", hidden: true, "aria-hidden": "true" });
  view.stack.after(bar);
  view.stack.append(cross);
  const pen = {
    view, store, actions, bar, cross, tool: "add", target: 0, part: "train", // what the tools do
    model: null, counts: null, shown: null, // the points as drawn; how many the server has; those in the store
    busy: false, dirty: false, // whether a request is under way, and whether there are unsent changes
    gesture: false, dragged: null, last: null, mark: null, // the pointer, and the mark that the keys move
    strokes: 0, recorded: -1, history: [], // for undo, stroke by stroke
  };
  Object.assign(pen, {
    changed: () => changed(pen),
    undo: () => undo(pen),
    clear: () => {
      pen.model = [];
      pen.strokes += 1;
      changed(pen);
    },
  });
  listenToPointer(pen);
  listenToKeys(pen);
  const relevant = (key) => ["drawing", "points", "run"].includes(key);
  store.watch((state, keys) => keys.some(relevant) && refresh(pen, state, keys));
  refresh(pen, store.get(), ["drawing"]);
}

function refresh(pen, state, keys) {
  const on = state.drawing && (canDraw(state) || pen.dirty);
  pen.bar.hidden = !on;
  makeFocusable(pen.view, on);
  if (keys.includes("drawing")) window.dispatchEvent(new Event("resize")); // the tools take space from the map
  if (!on) return;
  if (state.points && state.points !== pen.shown) follow(pen, state.points);
  const problem = `${state.run?.id}/${taskOf(state)}/${(classNames(state) ?? []).join()}`;
  if (keys.includes("drawing") || problem !== pen.problem) buildTools(Object.assign(pen, { problem }), state);
  showCount(pen);
}

/** While drawing, the canvas takes touches and keys. */
function makeFocusable({ over, map }, on) {
  over.style.touchAction = on ? "none" : "";
  setAttribute(over, "tabindex", on ? "0" : null);
  setAttribute(over, "aria-hidden", on ? null : "true");
  setAttribute(over, "role", on ? "application" : null);
  const description = map.getAttribute("aria-label") ?? "";
  setAttribute(over, "aria-label", on ? t("panel.decision_boundary.draw.keys", { description }) : null);
}

/** Takes points from the server, unless drawn points have not arrived there yet. */
function follow(pen, points) {
  const ahead = (pen.busy || pen.dirty || pen.gesture) && pen.shown?.run === points.run;
  if (ahead) return show(pen);
  Object.assign(pen, { shown: points, model: modelOf(points), counts: countsOf(points), dirty: false });
}

/** Shows a change at once, and sends it as soon as the request before has been answered. */
function changed(pen) {
  pen.dirty = true;
  show(pen);
  send(pen);
}

function show(pen) {
  pen.shown = shownPoints(pen.store.get().points, pen.model);
  pen.store.set({ points: pen.shown });
  showCount(pen);
}

async function send(pen) {
  if (pen.busy || !pen.dirty || !pen.model.some(({ part }) => part === "train")) return;
  const { operations, counts } = operationsOf(pen.model, pen.counts);
  Object.assign(pen, { busy: true, dirty: false, counts });
  const stroke = pen.strokes;
  const event = await pen.actions.editPoints(operations);
  pen.busy = false;
  if (!event) return Object.assign(pen, { dirty: false, shown: null }); // refused: the server's points come back
  // A stroke that was sent in several requests is undone as a whole; the next one may have begun meanwhile.
  if (stroke !== pen.recorded) pen.history.push(event.previous);
  pen.recorded = stroke;
  showCount(pen);
  send(pen);
}

async function undo(pen) {
  const content = pen.history.pop();
  if (content) await pen.actions.editPoints({ content });
  showCount(pen);
}
