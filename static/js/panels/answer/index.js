// Draw: an image drawn by hand or taken from the data, and the network's output for it, also during training.

import { h, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { same, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { answerBars } from "./bars.js";
import { centred, fromPixels, isEmpty, moved, sheet, styleOf, toPixels } from "./ink.js";
import { paintSheet, sheetCanvas } from "./sheet.js";
import { toolRows } from "./tools.js";
import { panelShell } from "../shared/panel.js";
import { MAGNITUDES, paintPixels } from "../shared/pixels.js";
import { subscribe } from "../shared/subscribe.js";

const REQUEST_INTERVAL = 80; // ms between two subscriptions while the drawing changes
const INITIAL = {
  ink: null, image: null, run: null, style: null, tool: 1, line: null, fit: true, known: null, requestedAt: 0, timer: 0,
};

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.answer.tab"),
    line: "",
    data: () => ({ pixels: store.get().drawnImage?.pixels, answer: store.get()["view:answer"] }),
  });
  const view = { store, shell, ...INITIAL };
  build(view);
  return {
    name: "answer", section, moving: true, view,
    needs: ["view:answer", "drawnImage", "points", "theme", "layoutSize", "openTabs", "viewError", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function build(view) {
  view.canvas = sheetCanvas(view, {
    inked: () => changed(view, null),
    looked: () => view.image && view.store.set({ drawnImage: { ...view.store.get().drawnImage } }),
  });
  view.tools = toolRows({
    tool: (tool) => setOptions(view, { tool }),
    line: (line) => setOptions(view, { line }),
    fit: (fit) => setOptions(view, { fit }),
    clear: () => replace(view, sheet(view.image), { fit: true }),
    move: (right, down) => replace(view, moved(view.ink, right, down), {}),
    sample: (part, index) => loadSample(view, part, index),
  });
  view.bars = answerBars();
  view.note = h("p", { class: "aside sketch-note" });
  view.empty = h("p", { class: "panel-note", text: t("panel.answer.no_images") });
  view.sketch = h("div", { class: "sketch" },
    h("div", { class: "sketch-sheet" }, view.canvas),
    inputImage(view),
    h("div", { class: "sketch-answer" }, view.bars.element),
    h("div", { class: "sketch-tools" }, view.tools.element, view.note));
  view.shell.body.append(view.sketch, view.empty);
}

/** The image as the network receives it, with its colour scale and the known target. */
function inputImage(view) {
  view.seen = h("canvas", { class: "pixels", role: "img" });
  view.truth = h("p", { class: "aside" });
  view.ends = [h("span"), h("span")];
  return h("div", { class: "sketch-seen" },
    h("h3", { text: t("panel.answer.input") }),
    view.seen,
    h("div", { class: "colour-ramp", style: { background: MAGNITUDES } }),
    h("div", { class: "colour-marks" }, view.ends),
    view.truth);
}

/** Sets the tool, the line width or the fit; the drawing stays. */
function setOptions(view, changes) {
  Object.assign(view, changes);
  changed(view, view.known);
}

function replace(view, ink, changes, known = null) {
  Object.assign(view, { ink, ...changes });
  changed(view, known);
}

/** Loads an image of the data without changes. */
function loadSample(view, part, index) {
  const { points } = view.store.get();
  const pixels = points?.[part]?.inputs[index];
  if (!pixels) return;
  const target = points[part].targets[index];
  const known = { part, index, target: points.classes?.[target] ?? target };
  replace(view, fromPixels(pixels, view.image), { fit: false }, known);
}

/** Computes the pixels of the changed drawing and subscribes to their output. `known`: the unchanged image, or null. */
function changed(view, known) {
  const { ink, image, fit, store } = view;
  view.known = known;
  const pixels = toPixels(fit ? centred(ink, view.style) : ink, image);
  store.set({ drawnImage: { pixels, empty: isEmpty(ink), known } });
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
  view.sketch.hidden = !image;
  view.empty.hidden = Boolean(image);
  if (!image) return;
  if (!same(image, view.image)) begin(view, image);
  if (view.run !== points.run) Object.assign(view, { run: points.run, style: styleOf(points.train.inputs, image) });
  view.line ??= view.style.line;
  const { drawnImage: drawn } = view.store.get();
  paintSheet(view, state.colours);
  showInput(view, drawn, image);
  view.tools.show(view, points);
  setText(view.note, noteText(view));
  const frame = drawn.empty ? null : frameOf(state);
  const isOutdated = frame?.inputs.some((value, i) => value !== drawn.pixels[i]);
  view.bars.show(frame, state.viewError, isOutdated);
}

function showInput(view, { pixels, known }, image) {
  const { rows, columns, low, high } = image;
  paintPixels(view.seen, pixels, image);
  view.seen.ariaLabel = t("panel.answer.input_description", { rows, columns });
  Object.assign(view.seen.style, { aspectRatio: `${columns} / ${rows}` });
  view.ends.forEach((end, i) => setText(end, String([low, high][i])));
  setText(view.truth, known ? t("panel.answer.target", { target: known.target }) : "");
}

/** An empty sheet for images of this size. */
function begin(view, image) {
  const cursor = [image.columns >> 1, image.rows >> 1];
  Object.assign(view, { image, ink: sheet(image), cursor, fit: true, line: null, known: null });
  const pixels = Array(image.rows * image.columns).fill(image.low);
  view.store.set({ drawnImage: { pixels, empty: true, known: null } });
  subscribeToOutput(view);
}

const frameOf = (state) => (state["view:answer"]?.run === state.run?.id ? state["view:answer"] : null);

function noteText({ fit, style: { longer }, image: { rows, columns, low, high } }) {
  const pixels = t("panel.answer.pixels", { low, high: integer(high) });
  const form = fit
    ? t("panel.answer.fitted", { longer, size: Math.max(rows, columns) })
    : t("panel.answer.not_fitted");
  return `${form} ${pixels}`;
}
