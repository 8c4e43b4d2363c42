// The canvas for drawing an image: pointer, pen, touch and keys draw or erase.

import { h, setAttribute } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { fitCanvas } from "../shared/panel.js";
import { stroke } from "./drawing.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PEN_ERASER = 32; // the bit of `buttons` for the eraser end of a pen

/**
 * The canvas of `view`. It changes `view.drawing` with `view.tool` (1 pen, 0 eraser) and `view.line`, calls `onDrawn`
 * after each change, and `onCursorMoved` when only the keyboard cursor has changed.
 */
export function drawingCanvas(view, { onDrawn, onCursorMoved }) {
  const label = t("panel.answer.sheet");
  const canvas = h("canvas", { class: "drawing-canvas", tabindex: 0, role: "img", "aria-label": label });
  const draw = (from, to, erase) => stroke(view.drawing, from, to, radius(view), erase ? 0 : view.tool);
  followPointer(canvas, view, draw, onDrawn);
  canvas.addEventListener("keydown", (event) => onKey(view, event, draw, { onDrawn, onCursorMoved }));
  for (const type of ["focus", "blur"]) canvas.addEventListener(type, onCursorMoved);
  return canvas;
}

function followPointer(canvas, view, draw, onDrawn) {
  let last = null;
  const position = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((clientX - left) / width) * view.drawing.width, ((clientY - top) / height) * view.drawing.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0 && !(event.buttons & PEN_ERASER)) return;
    canvas.setPointerCapture(event.pointerId);
    last = position(event);
    draw(last, last, event.buttons & PEN_ERASER);
    onDrawn();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const moved of events.length ? events : [event]) {
      const next = position(moved);
      draw(last, next, event.buttons & PEN_ERASER);
      last = next;
    }
    onDrawn();
  });
  for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => (last = null));
}

/** Half the width of a line in grid points. */
const radius = ({ drawing, line }) => Math.max(1, (line * drawing.pointsPerPixel) / 2);

/** The centre of the keyboard cursor's pixel. */
const cursorCentre = ({ cursor, drawing }) => cursor.map((pixel) => (pixel + 0.5) * drawing.pointsPerPixel);

function onKey(view, event, draw, { onDrawn, onCursorMoved }) {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  const step = ARROWS[key];
  const isHandled = step || [" ", "Enter", "Delete", "Backspace"].includes(key);
  if (!isHandled || ctrlKey || metaKey || altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const before = cursorCentre(view);
  if (step)
    view.cursor = view.cursor.map((pixel, i) =>
      Math.min([view.drawing.columns, view.drawing.rows][i] - 1, Math.max(0, pixel + step[i])),
    );
  if (step && !shiftKey) return onCursorMoved();
  if (key === "Delete" || key === "Backspace") view.drawing.values.fill(0);
  else draw(step ? before : cursorCentre(view), cursorCentre(view), false);
  onDrawn();
}

/** Draws the drawing, the borders of the pixels, and the keyboard cursor while the canvas has the focus. */
export function drawDrawing(view, colours) {
  const { canvas, drawing } = view;
  const box = canvas.parentElement;
  const scale = Math.min(box.clientWidth / drawing.width, box.clientHeight / drawing.height);
  if (scale < 0.2) return;
  const [width, height] = [Math.floor(drawing.width * scale), Math.floor(drawing.height * scale)];
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  drawPixelBorders(context, drawing, width, height, colours);
  context.imageSmoothingQuality = "high";
  context.drawImage(drawingImage(view, colours.strong), 0, 0, width, height);
  if (canvas.matches(":focus-visible")) {
    const [centreX, centreY] = cursorCentre(view);
    const [x, y] = [(centreX * width) / drawing.width, (centreY * height) / drawing.height];
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, Math.max(5, (radius(view) * width) / drawing.width), 0, 2 * Math.PI);
    context.stroke();
  }
  setAttribute(canvas, "data-tool", view.tool ? "pen" : "eraser");
}

function drawPixelBorders(context, { rows, columns }, width, height, colours) {
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 1; i < columns; i++) {
    const x = Math.round((i * width) / columns) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  for (let i = 1; i < rows; i++) {
    const y = Math.round((i * height) / rows) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
  }
  context.stroke();
}

/** The drawing in one colour; its values are the opacity. */
function drawingImage(view, colour) {
  const { drawing } = view;
  if (view.offscreen?.width !== drawing.width || view.offscreen.height !== drawing.height)
    view.offscreen = new OffscreenCanvas(drawing.width, drawing.height);
  const context = view.offscreen.getContext("2d");
  context.globalCompositeOperation = "copy";
  const pixels = context.createImageData(drawing.width, drawing.height);
  for (let i = 0; i < drawing.values.length; i++) pixels.data[4 * i + 3] = 255 * drawing.values[i];
  context.putImageData(pixels, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, drawing.width, drawing.height);
  return view.offscreen;
}
