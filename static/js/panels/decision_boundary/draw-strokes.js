// The gestures of drawing points: pointer strokes and keys, as changes of the model.

import { nearest } from "../shared/points.js";

const REACH = 16; // CSS pixels within which a point is hit
const SPACING = 15; // CSS pixels between the points of one stroke
const STEP = 8; // CSS pixels that an arrow key moves the mark

export function listenToPointer(pen) {
  const { over } = pen.view;
  over.addEventListener("pointerdown", (event) => begin(pen, event));
  over.addEventListener("pointermove", ({ offsetX, offsetY }) => pen.gesture && stroke(pen, offsetX, offsetY));
  for (const type of ["pointerup", "pointercancel"]) over.addEventListener(type, () => end(pen));
}

function begin(pen, event) {
  if (!pen.store.get().drawing || !pen.model || !pen.view.axes || event.button > 0) return;
  event.preventDefault();
  pen.view.over.setPointerCapture(event.pointerId);
  pen.gesture = true;
  pen.strokes += 1;
  useTool(pen, event.offsetX, event.offsetY);
}

/** Uses the tool at a position: grabs a point, erases one, or adds one. */
function useTool(pen, px, py) {
  pen.last = [px, py];
  if (pen.tool === "move") pen.dragged = pointAt(pen, px, py);
  else if (pen.tool === "erase") erase(pen, px, py);
  else add(pen, px, py);
}

function stroke(pen, px, py) {
  if (pen.tool === "erase") return erase(pen, px, py);
  if (pen.tool === "move") return pen.dragged && move(pen, pen.dragged, px, py);
  if (Math.hypot(px - pen.last[0], py - pen.last[1]) >= SPACING) useTool(pen, px, py);
}

function end(pen) {
  pen.gesture = false;
  pen.dragged = null;
}

function pointAt({ model, view }, px, py) {
  const placed = model.map((point) => {
    const [x, y = [point.target].flat()[0]] = point.inputs;
    return { point, x, y };
  });
  return nearest(placed, px, py, view.axes, REACH)?.point;
}

/** The data coordinates of a position on the canvas, kept inside the map. */
function dataAt({ axes }, px, py) {
  const convert = (pixel, [low, high], toPixel) => {
    const share = (pixel - toPixel(low)) / (toPixel(high) - toPixel(low));
    return Number((low + Math.min(1, Math.max(0, share)) * (high - low)).toPrecision(6));
  };
  return [convert(px, axes.x, axes.toX), convert(py, axes.y, axes.toY)];
}

function add(pen, px, py) {
  const [x, y] = dataAt(pen.view, px, py);
  const single = pen.store.get().points.inputs.length === 1;
  const values = single ? { inputs: [x], target: y } : { inputs: [x, y], target: pen.target };
  pen.model = [...pen.model, { part: pen.part, ...values, from: null }];
  pen.changed();
}

function move(pen, point, px, py) {
  const [x, y] = dataAt(pen.view, px, py);
  if (point.inputs.length === 1) Object.assign(point, { inputs: [x], target: y });
  else point.inputs = [x, y];
  point.moved = true;
  pen.model = [...pen.model];
  pen.changed();
}

function erase(pen, px, py) {
  const point = pointAt(pen, px, py);
  if (!point) return;
  pen.model = pen.model.filter((other) => other !== point);
  pen.changed();
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Arrow keys move a mark (with Shift by one pixel), Enter uses the tool there. */
export function listenToKeys(pen) {
  const { over } = pen.view;
  over.addEventListener("blur", () => (pen.cross.hidden = true));
  over.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!pen.store.get().drawing || (!direction && event.key !== "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    const { clientWidth: width, clientHeight: height } = over;
    pen.mark ??= [width / 2, height / 2];
    if (direction) moveMark(pen, direction, event.shiftKey ? 1 : STEP, [width, height]);
    showMark(pen);
    if (direction && pen.dragged) move(pen, pen.dragged, ...pen.mark);
    if (event.key === "Enter" && pen.model) pressEnter(pen);
  });
}

function moveMark(pen, direction, step, size) {
  pen.mark = pen.mark.map((value, i) => Math.min(size[i], Math.max(0, value + step * direction[i])));
}

function showMark({ cross, mark, view: { over } }) {
  cross.hidden = false;
  const [left, top] = [over.style.left, over.style.top];
  Object.assign(cross.style, { left: `calc(${left} + ${mark[0]}px)`, top: `calc(${top} + ${mark[1]}px)` });
}

/** Enter grabs a point and releases it; with the other tools it is a click. */
function pressEnter(pen) {
  pen.strokes += 1;
  if (pen.tool === "move" && pen.dragged) pen.dragged = null;
  else useTool(pen, ...pen.mark);
}
