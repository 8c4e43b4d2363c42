// Pointer strokes and keys for drawing points, as changes of the local model.

import { nearestPoint } from "../shared/one-point.js";

const MAX_DISTANCE = 16; // CSS pixels within which a point is hit
const SPACING = 15; // CSS pixels between the points of one stroke
const STEP = 8; // CSS pixels that an arrow key moves the cursor

export function listenToPointer(editor) {
  const { pointsCanvas } = editor.view;
  pointsCanvas.addEventListener("pointerdown", (event) => startStroke(editor, event));
  pointsCanvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (editor.isPointerDown) continueStroke(editor, offsetX, offsetY);
  });
  for (const type of ["pointerup", "pointercancel"]) pointsCanvas.addEventListener(type, () => endStroke(editor));
}

function startStroke(editor, event) {
  if (!editor.store.get().drawing || !editor.model || !editor.view.axes || event.button > 0) return;
  event.preventDefault();
  editor.view.pointsCanvas.setPointerCapture(event.pointerId);
  editor.isPointerDown = true;
  editor.strokeCount += 1;
  useTool(editor, event.offsetX, event.offsetY);
}

/** Uses the tool at a position: grabs a point, erases one, or adds one. */
function useTool(editor, px, py) {
  editor.lastPosition = [px, py];
  if (editor.tool === "move") editor.draggedPoint = pointAt(editor, px, py);
  else if (editor.tool === "erase") erase(editor, px, py);
  else add(editor, px, py);
}

function continueStroke(editor, px, py) {
  if (editor.tool === "erase") return erase(editor, px, py);
  if (editor.tool === "move") return editor.draggedPoint && move(editor, editor.draggedPoint, px, py);
  if (Math.hypot(px - editor.lastPosition[0], py - editor.lastPosition[1]) >= SPACING) useTool(editor, px, py);
}

function endStroke(editor) {
  editor.isPointerDown = false;
  editor.draggedPoint = null;
}

function pointAt({ model, view }, px, py) {
  const points = model.map((point) => {
    const [x, y = [point.target].flat()[0]] = point.inputs;
    return { point, x, y };
  });
  return nearestPoint(points, px, py, view.axes, MAX_DISTANCE)?.point;
}

/** The data coordinates of a position on the canvas, clamped to the map. */
function dataAt({ axes }, px, py) {
  const convert = (pixel, [low, high], toPixel) => {
    const fraction = (pixel - toPixel(low)) / (toPixel(high) - toPixel(low));
    return Number((low + Math.min(1, Math.max(0, fraction)) * (high - low)).toPrecision(6));
  };
  return [convert(px, axes.x, axes.toX), convert(py, axes.y, axes.toY)];
}

function add(editor, px, py) {
  const [x, y] = dataAt(editor.view, px, py);
  const hasOneInput = editor.store.get().points.inputs.length === 1;
  const values = hasOneInput ? { inputs: [x], target: y } : { inputs: [x, y], target: editor.target };
  editor.model = [...editor.model, { part: editor.part, ...values, serverIndex: null }];
  editor.changed();
}

function move(editor, point, px, py) {
  const [x, y] = dataAt(editor.view, px, py);
  if (point.inputs.length === 1) Object.assign(point, { inputs: [x], target: y });
  else point.inputs = [x, y];
  point.isMoved = true;
  editor.model = [...editor.model];
  editor.changed();
}

function erase(editor, px, py) {
  const point = pointAt(editor, px, py);
  if (!point) return;
  editor.model = editor.model.filter((other) => other !== point);
  editor.changed();
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Arrow keys move the keyboard cursor (with Shift by one pixel), Enter uses the tool at its position. */
export function listenToKeys(editor) {
  const { pointsCanvas } = editor.view;
  pointsCanvas.addEventListener("blur", () => (editor.cursorElement.hidden = true));
  pointsCanvas.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!editor.store.get().drawing || (!direction && event.key !== "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    const { clientWidth: width, clientHeight: height } = pointsCanvas;
    editor.cursor ??= [width / 2, height / 2];
    if (direction) moveCursor(editor, direction, event.shiftKey ? 1 : STEP, [width, height]);
    showCursor(editor);
    if (direction && editor.draggedPoint) move(editor, editor.draggedPoint, ...editor.cursor);
    if (event.key === "Enter" && editor.model) pressEnter(editor);
  });
}

function moveCursor(editor, direction, step, size) {
  editor.cursor = editor.cursor.map((value, i) => Math.min(size[i], Math.max(0, value + step * direction[i])));
}

function showCursor({ cursorElement, cursor, view: { pointsCanvas } }) {
  cursorElement.hidden = false;
  const [left, top] = [pointsCanvas.style.left, pointsCanvas.style.top];
  Object.assign(cursorElement.style, { left: `calc(${left} + ${cursor[0]}px)`, top: `calc(${top} + ${cursor[1]}px)` });
}

/** With the tool "move", Enter grabs or releases a point; with the other tools it acts like a click. */
function pressEnter(editor) {
  editor.strokeCount += 1;
  if (editor.tool === "move" && editor.draggedPoint) editor.draggedPoint = null;
  else useTool(editor, ...editor.cursor);
}
