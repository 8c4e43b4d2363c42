// Drawing points during training: keeps a local model of the points, shows it, and sends its changes to the server.

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
  const cursorElement = h("div", { class: "draw-cursor", hidden: true, "aria-hidden": "true" });
  view.stack.after(bar);
  view.stack.append(cursorElement);
  const editor = {
    view, store, actions, bar, cursorElement, tool: "add", target: 0, part: "train", // the options of the tools
    model: null, counts: null, displayedPoints: null, // local, number at the server, in the store
    isSending: false, hasUnsentChanges: false,
    isPointerDown: false, draggedPoint: null, lastPosition: null, cursor: null, // pointer and keyboard cursor
    strokeCount: 0, recordedStroke: -1, history: [], // undo restores the state before a stroke
  };
  Object.assign(editor, {
    changed: () => changed(editor),
    undo: () => undo(editor),
    clear: () => {
      editor.model = [];
      editor.strokeCount += 1;
      changed(editor);
    },
  });
  listenToPointer(editor);
  listenToKeys(editor);
  const relevant = (key) => ["drawing", "points", "run"].includes(key);
  store.watch((state, keys) => keys.some(relevant) && refresh(editor, state, keys));
  refresh(editor, store.get(), ["drawing"]);
}

function refresh(editor, state, keys) {
  const isDrawing = state.drawing && (canDraw(state) || editor.hasUnsentChanges);
  editor.bar.hidden = !isDrawing;
  makeFocusable(editor.view, isDrawing);
  if (keys.includes("drawing")) window.dispatchEvent(new Event("resize")); // the tools take space from the map
  if (!isDrawing) return;
  if (state.points && state.points !== editor.displayedPoints) updateModel(editor, state.points);
  const problem = `${state.run?.id}/${taskOf(state)}/${(classNames(state) ?? []).join()}`;
  if (keys.includes("drawing") || problem !== editor.problem) buildTools(Object.assign(editor, { problem }), state);
  showCount(editor);
}

/** While drawing, the canvas receives touches and keys. */
function makeFocusable({ pointsCanvas, map }, isDrawing) {
  pointsCanvas.style.touchAction = isDrawing ? "none" : "";
  setAttribute(pointsCanvas, "tabindex", isDrawing ? "0" : null);
  setAttribute(pointsCanvas, "aria-hidden", isDrawing ? null : "true");
  setAttribute(pointsCanvas, "role", isDrawing ? "application" : null);
  const description = map.getAttribute("aria-label") ?? "";
  setAttribute(pointsCanvas, "aria-label", isDrawing ? t("panel.decision_boundary.draw.keys", { description }) : null);
}

/** Replaces the model by the points of the server, unless it has changes that the server does not have yet. */
function updateModel(editor, points) {
  const isChanged = editor.isSending || editor.hasUnsentChanges || editor.isPointerDown;
  if (isChanged && editor.displayedPoints?.run === points.run) return show(editor);
  const [model, counts] = [modelOf(points), countsOf(points)];
  Object.assign(editor, { displayedPoints: points, model, counts, hasUnsentChanges: false });
}

/** Shows a change immediately, and sends it after the answer to the previous request. */
function changed(editor) {
  editor.hasUnsentChanges = true;
  show(editor);
  send(editor);
}

function show(editor) {
  editor.displayedPoints = shownPoints(editor.store.get().points, editor.model);
  editor.store.set({ points: editor.displayedPoints });
  showCount(editor);
}

async function send(editor) {
  if (editor.isSending || !editor.hasUnsentChanges || !editor.model.some(({ part }) => part === "train")) return;
  const { operations, counts } = operationsOf(editor.model, editor.counts);
  Object.assign(editor, { isSending: true, hasUnsentChanges: false, counts });
  const stroke = editor.strokeCount;
  const event = await editor.actions.editPoints(operations);
  editor.isSending = false;
  // After a refused change the points of the server are shown again.
  if (!event) return Object.assign(editor, { hasUnsentChanges: false, displayedPoints: null });
  // A stroke sent in several requests has one entry in the history. The next stroke may already have begun.
  if (stroke !== editor.recordedStroke) editor.history.push(event.previous);
  editor.recordedStroke = stroke;
  showCount(editor);
  send(editor);
}

async function undo(editor) {
  const content = editor.history.pop();
  if (content) await editor.actions.editPoints({ content });
  showCount(editor);
}
