// Draw: an image drawn by hand or loaded from the data, and the network's output for it, also during training.

import { h, setProperty, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { same, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { answerBars } from "./bars.js";
import { centred, fromPixels, isEmpty, shifted, emptyDrawing, strokeStyleOf, toPixels } from "./drawing.js";
import { drawDrawing, drawingCanvas } from "./drawing-canvas.js";
import { toolRows } from "./tools.js";
import { panelShell } from "../shared/panel.js";
import { MAGNITUDES, paintPixels } from "../shared/pixels.js";
import { subscribe } from "../shared/subscribe.js";
import { withClassTitles } from "../shared/class-titles.js";
import { classNames } from "../shared/scales.js";

const REQUEST_INTERVAL = 80; // ms between two subscriptions while the drawing changes
const INITIAL = {
  drawing: null, image: null, run: null, style: null, tool: 1, line: null, fit: true, source: null,
  requestedAt: 0, timer: 0,
};

export function panel(section, { store, actions }) {
  const shell = panelShell(section, {
    title: t("panel.answer.tab"),
    line: "",
    data: () => ({ pixels: store.get().drawnImage?.pixels, answer: store.get()["view:answer"] }),
  });
  const view = { store, shell, actions, ...INITIAL };
  buildContent(view);
  return {
    name: "answer", section, moving: true, view,
    needs: ["view:answer", "drawnImage", "points", "theme", "layoutSize", "openTabs", "viewError", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function buildContent(view) {
  view.canvas = drawingCanvas(view, {
    onDrawn: () => changed(view, null),
    onCursorMoved: () => view.image && view.store.set({ drawnImage: { ...view.store.get().drawnImage } }),
  });
  view.tools = toolRows({
    tool: (tool) => setOptions(view, { tool }),
    line: (line) => setOptions(view, { line }),
    fit: (fit) => setOptions(view, { fit }),
    clear: () => replace(view, emptyDrawing(view.image), { fit: true }),
    move: (right, down) => replace(view, shifted(view.drawing, right, down), {}),
    sample: (part, index) => loadSample(view, part, index),
  });
  view.bars = answerBars();
  view.note = h("p", { class: "aside draw-hint" });
  view.empty = h("div", { class: "panel-note" }, h("p", { text: t("panel.answer.no_images") }), h("button", {
    type: "button", class: "button", text: t("panel.answer.use_digits"),
    on: { click: () => view.actions.change("dataset.name", "digits", true) },
  }));
  view.content = h("div", { class: "draw-panel" },
    h("div", { class: "draw-area" }, view.canvas),
    inputImage(view),
    h("div", { class: "draw-output" }, view.bars.element),
    h("div", { class: "draw-tools" }, view.tools.element, view.note));
  view.shell.body.append(view.content, view.empty);
}

/** The image as the network receives it, with its colour scale and the target of an image of the data. */
function inputImage(view) {
  view.inputCanvas = h("canvas", { class: "pixels", role: "img" });
  view.targetText = h("p", { class: "aside" });
  view.rangeLabels = [h("span"), h("span")];
  return h("div", { class: "draw-input" },
    h("h3", { text: t("panel.answer.input") }),
    view.inputCanvas,
    h("div", { class: "colour-ramp", style: { background: MAGNITUDES } }),
    h("div", { class: "colour-marks" }, view.rangeLabels),
    view.targetText);
}

/** Sets the tool, the line width or the fit without changing the drawing. */
function setOptions(view, changes) {
  Object.assign(view, changes);
  changed(view, view.source);
}

function replace(view, drawing, changes, source = null) {
  Object.assign(view, { drawing, ...changes });
  changed(view, source);
}

/** Loads an image of the data without changes. */
function loadSample(view, part, index) {
  const { points } = view.store.get();
  const pixels = points?.[part]?.inputs[index];
  if (!pixels) return;
  const target = points[part].targets[index];
  const source = { part, index, target: classNames(view.store.get())?.[target] ?? target };
  replace(view, fromPixels(pixels, view.image), { fit: false }, source);
}

/** Computes the pixels of the drawing and subscribes to their output. `source`: an unchanged image of the data. */
function changed(view, source) {
  const { drawing, image, fit, store } = view;
  view.source = source;
  const pixels = toPixels(fit ? centred(drawing, view.style) : drawing, image);
  store.set({ drawnImage: { pixels, empty: isEmpty(drawing), source } });
  clearTimeout(view.timer);
  const wait = Math.max(0, view.requestedAt + REQUEST_INTERVAL - performance.now());
  view.timer = setTimeout(() => subscribeToOutput(view), wait);
}

function subscribeToOutput(view) {
  const { store } = view;
  const { drawnImage: drawn } = store.get();
  view.requestedAt = performance.now();
  const options = { inputs: drawn.pixels.join() };
  subscribe(store, "answer", drawn.empty ? null : { view: "answer", options, id: "answer" });
}

function draw(view, state) {
  const { points } = state;
  const image = points?.run === state.run?.id ? points?.image : view.image;
  setProperty(view.content, "hidden", !image);
  setProperty(view.empty, "hidden", Boolean(image));
  if (!image) return;
  if (!same(image, view.image)) startDrawing(view, image);
  const styleOf = () => strokeStyleOf(points.train.inputs, image);
  if (view.run !== points.run) Object.assign(view, { run: points.run, style: styleOf() });
  view.line ??= view.style.line;
  const { drawnImage: drawn } = view.store.get();
  drawDrawing(view, state.colours);
  showInput(view, drawn, image);
  view.tools.show(view, points);
  setText(view.note, noteText(view));
  const frame = drawn.empty ? null : frameOf(state);
  const isOutdated = frame?.inputs.some((value, i) => value !== drawn.pixels[i]);
  view.bars.show(frame, state.viewError, isOutdated);
}

function showInput(view, { pixels, source }, image) {
  const { rows, columns, low, high } = image;
  paintPixels(view.inputCanvas, pixels, image);
  view.inputCanvas.ariaLabel = t("panel.answer.input_description", { rows, columns });
  Object.assign(view.inputCanvas.style, { aspectRatio: `${columns} / ${rows}` });
  view.rangeLabels.forEach((end, i) => setText(end, String([low, high][i])));
  setText(view.targetText, source ? t("panel.answer.target", { target: source.target }) : "");
}

/** Starts an empty drawing for images of this size. */
function startDrawing(view, image) {
  const cursor = [image.columns >> 1, image.rows >> 1];
  Object.assign(view, { image, drawing: emptyDrawing(image), cursor, fit: true, line: null, source: null });
  const pixels = Array(image.rows * image.columns).fill(image.low);
  view.store.set({ drawnImage: { pixels, empty: true, source: null } });
  subscribeToOutput(view);
}

const frameOf = (state) =>
  (state["view:answer"]?.run === state.run?.id ? withClassTitles(state, state["view:answer"]) : null);

function noteText({ fit, style: { longer }, image: { rows, columns, low, high } }) {
  const pixels = t("panel.answer.pixels", { low, high: integer(high) });
  const form = fit
    ? t("panel.answer.fitted", { longer, size: Math.max(rows, columns) })
    : t("panel.answer.not_fitted");
  return `${form} ${pixels}`;
}
