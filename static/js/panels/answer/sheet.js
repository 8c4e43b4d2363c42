// The sheet to draw on: pointer, pen, finger and keys draw or erase.

import { h, setAttribute } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { fitCanvas } from "../shared/panel.js";
import { stroke } from "./ink.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PEN_ERASER = 32; // the bit in `buttons` of a pen's other end

/**
 * The canvas of `view`. It changes `view.ink` with `view.tool` (1 pen, 0 eraser) and `view.line`; it calls `inked`
 * after each stroke and `looked` when only the keyboard cursor has changed.
 */
export function sheetCanvas(view, { inked, looked }) {
  const canvas = h("canvas", { class: "sheet", tabindex: 0, role: "img", "aria-label": t("panel.answer.sheet") });
  const draw = (from, to, erase) => stroke(view.ink, from, to, radius(view), erase ? 0 : view.tool);
  followPointer(canvas, view, draw, inked);
  canvas.addEventListener("keydown", (event) => byKey(view, event, draw, { inked, looked }));
  for (const type of ["focus", "blur"]) canvas.addEventListener(type, looked);
  return canvas;
}

function followPointer(canvas, view, draw, inked) {
  let last = null;
  const position = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((clientX - left) / width) * view.ink.width, ((clientY - top) / height) * view.ink.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0 && !(event.buttons & PEN_ERASER)) return;
    canvas.setPointerCapture(event.pointerId);
    last = position(event);
    draw(last, last, event.buttons & PEN_ERASER);
    inked();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const moved of events.length ? events : [event]) {
      const next = position(moved);
      draw(last, next, event.buttons & PEN_ERASER);
      last = next;
    }
    inked();
  });
  for (const type of ["pointerup", "pointercancel"]) canvas.addEventListener(type, () => (last = null));
}

/** Half the width of a line in grid points. */
const radius = ({ ink, line }) => Math.max(1, (line * ink.cell) / 2);

/** The centre of the keyboard cursor's pixel. */
const cursorCentre = ({ cursor, ink }) => cursor.map((pixel) => (pixel + 0.5) * ink.cell);

function byKey(view, event, draw, { inked, looked }) {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  const step = ARROWS[key];
  const acts = step || [" ", "Enter", "Delete", "Backspace"].includes(key);
  if (!acts || ctrlKey || metaKey || altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const before = cursorCentre(view);
  if (step)
    view.cursor = view.cursor.map((pixel, i) =>
      Math.min([view.ink.columns, view.ink.rows][i] - 1, Math.max(0, pixel + step[i])),
    );
  if (step && !shiftKey) return looked();
  if (key === "Delete" || key === "Backspace") view.ink.values.fill(0);
  else draw(step ? before : cursorCentre(view), cursorCentre(view), false);
  inked();
}

/** Draws the ink, the borders of the pixels, and the keyboard cursor while the sheet has the focus. */
export function paintSheet(view, colours) {
  const { canvas, ink } = view;
  const box = canvas.parentElement;
  const scale = Math.min(box.clientWidth / ink.width, box.clientHeight / ink.height);
  if (scale < 0.2) return;
  const [width, height] = [Math.floor(ink.width * scale), Math.floor(ink.height * scale)];
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  borders(context, ink, width, height, colours);
  context.imageSmoothingQuality = "high";
  context.drawImage(inkImage(view, colours.strong), 0, 0, width, height);
  if (canvas.matches(":focus-visible")) {
    const [x, y] = cursorCentre(view).map((point, i) => (point * [width, height][i]) / [ink.width, ink.height][i]);
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, Math.max(5, (radius(view) * width) / ink.width), 0, 2 * Math.PI);
    context.stroke();
  }
  setAttribute(canvas, "data-tool", view.tool ? "pen" : "eraser");
}

function borders(context, { rows, columns }, width, height, colours) {
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

/** The ink in one colour; the amount of ink is the opacity. */
function inkImage(view, colour) {
  const { ink } = view;
  if (view.image2d?.width !== ink.width || view.image2d.height !== ink.height)
    view.image2d = new OffscreenCanvas(ink.width, ink.height);
  const context = view.image2d.getContext("2d");
  context.globalCompositeOperation = "copy";
  const pixels = context.createImageData(ink.width, ink.height);
  for (let i = 0; i < ink.values.length; i++) pixels.data[4 * i + 3] = 255 * ink.values[i];
  context.putImageData(pixels, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, ink.width, ink.height);
  return view.image2d;
}
