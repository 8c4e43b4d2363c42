// Draw a picture, or change one of the data, and see what the network says to it while it trains.

import { h, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { same, runIdentity } from "../../core/store.js";
import { answerBars } from "./bars.js";
import { centred, fromPixels, isEmpty, manner, moved, sheet, toPixels } from "./ink.js";
import { paintSheet, sheetCanvas } from "./sheet.js";
import { toolRows } from "./tools.js";
import { panelShell } from "../shared/panel.js";
import { MAGNITUDES, paintPixels } from "../shared/pixels.js";

const ASK_EVERY = 80; // ms between two questions while somebody draws

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Draw",
    line: "",
    explain:
      "Draw with mouse, finger or pen and see what the network says, also while it trains. By keyboard: give the sheet the focus, move the ring with the arrows, ink or erase with Space, along a line with Shift and the arrows. The drawing is brought into the form of the training pictures: as large as they are, its centre of mass in the middle, every pixel the share that is inked. A picture of the data is shown as it is: move it by a pixel and see how little a fully connected network knows about places.",
    data: () => ({ pixels: store.get().drawnImage?.pixels, answer: store.get()["view:answer"] }),
  });
  const view = {
    store,
    shell,
    ink: null,
    image: null,
    run: null,
    manner: null,
    tool: 1,
    line: null,
    fit: true,
    known: null,
    askedAt: 0,
    timer: 0,
  };
  build(view);
  return {
    name: "answer",
    section,
    moving: true,
    view,
    needs: ["view:answer", "drawnImage", "points", "theme", "layoutSize", "openTabs", "viewError", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function build(view) {
  const { shell } = view;
  view.canvas = sheetCanvas(view, {
    inked: () => changed(view, null),
    looked: () => view.image && view.store.set({ drawnImage: { ...view.store.get().drawnImage } }),
  });
  view.tools = toolRows({
    tool: (tool) => told(view, { tool }),
    line: (line) => told(view, { line }),
    fit: (fit) => told(view, { fit }),
    clear: () => replace(view, sheet(view.image), { fit: true }),
    move: (right, down) => replace(view, moved(view.ink, right, down), {}),
    sample: (part, index) => start(view, part, index),
  });
  view.seen = h("canvas", { class: "pixels", role: "img" });
  view.bars = answerBars();
  view.truth = h("p", { class: "aside" });
  view.note = h("p", { class: "aside sketch-note" });
  view.ends = [h("span"), h("span")];
  view.empty = h("p", {
    class: "panel-note",
    text: "The inputs of these data are no pictures. Choose Digits under Data, or bring pictures of your own.",
  });
  view.sketch = h(
    "div",
    { class: "sketch" },
    h("div", { class: "sketch-sheet" }, view.canvas),
    h(
      "div",
      { class: "sketch-seen" },
      h("h3", { text: "What the network sees" }),
      view.seen,
      h("div", { class: "colour-ramp", style: { background: MAGNITUDES } }),
      h("div", { class: "colour-marks" }, view.ends),
      view.truth,
    ),
    h("div", { class: "sketch-answer" }, view.bars.element),
    h("div", { class: "sketch-tools" }, view.tools.element, view.note),
  );
  shell.body.append(view.sketch, view.empty);
}

/** Another tool, line or way to fit: what is drawn stays. */
function told(view, changes) {
  Object.assign(view, changes);
  changed(view, view.known);
}

function replace(view, ink, changes, known = null) {
  Object.assign(view, { ink, ...changes });
  changed(view, known);
}

/** Take a picture of the data, as it is. */
function start(view, part, index) {
  const { points } = view.store.get();
  const picture = points?.[part]?.inputs[index];
  if (!picture) return;
  const target = points[part].targets[index];
  replace(
    view,
    fromPixels(picture, view.image),
    { fit: false },
    { part, index, target: points.classes?.[target] ?? target },
  );
}

/** The ink is another: work out its pixels and ask the network. `known` says which picture of the data it is, unchanged. */
function changed(view, known) {
  const { ink, image, fit, store } = view;
  view.known = known;
  const pixels = toPixels(fit ? centred(ink, view.manner) : ink, image);
  store.set({ drawnImage: { pixels, empty: isEmpty(ink), known } });
  clearTimeout(view.timer);
  view.timer = setTimeout(() => ask(view), Math.max(0, view.askedAt + ASK_EVERY - performance.now()));
}

function ask(view) {
  const { store } = view;
  const { drawnImage: drawn, subscriptions } = store.get();
  view.askedAt = performance.now();
  const subscription = drawn.empty
    ? null
    : { view: "answer", options: { inputs: drawn.pixels.join() }, id: "answer" };
  if (!same(subscription, subscriptions.answer ?? null))
    store.set({ subscriptions: { ...subscriptions, answer: subscription } });
}

function draw(view, state) {
  const { points } = state;
  const image = points?.run === state.run?.id ? points?.image : view.image;
  view.sketch.hidden = !image;
  view.empty.hidden = Boolean(image);
  if (!image) return;
  if (!same(image, view.image)) begin(view, image);
  if (view.run !== points.run) Object.assign(view, { run: points.run, manner: manner(points.train.inputs, image) });
  view.line ??= view.manner.line;
  const { drawnImage: drawn } = view.store.get();
  paintSheet(view, state.colours);
  paintPixels(view.seen, drawn.pixels, image);
  view.seen.ariaLabel = `The picture as the network sees it, ${image.rows} by ${image.columns} pixels`;
  Object.assign(view.seen.style, { aspectRatio: `${image.columns} / ${image.rows}` });
  view.ends.forEach((end, i) => setText(end, String([image.low, image.high][i])));
  view.tools.show(view, points);
  setText(view.note, explained(view));
  setText(view.truth, drawn.known ? `Known: ${drawn.known.target}` : "");
  const frame = drawn.empty ? null : frameOf(state);
  view.bars.show(
    frame,
    state.viewError,
    frame?.inputs.some((value, i) => value !== drawn.pixels[i]),
  );
}

/** A sheet for pictures of this form. */
function begin(view, image) {
  Object.assign(view, {
    image,
    ink: sheet(image),
    cursor: [image.columns >> 1, image.rows >> 1],
    fit: true,
    line: null,
    known: null,
  });
  view.store.set({
    drawnImage: { pixels: Array(image.rows * image.columns).fill(image.low), empty: true, known: null },
  });
  ask(view);
}

const frameOf = (state) => (state["view:answer"]?.run === state.run?.id ? state["view:answer"] : null);

function explained({ fit, manner: { longer }, image: { rows, columns, low, high } }) {
  const pixels = `Every pixel tells how much of it is inked, ${low} to ${integer(high)}.`;
  if (!fit) return `As it lies on the sheet. ${pixels}`;
  return `Made ${longer} of ${Math.max(rows, columns)} pixels large, its centre of mass moved to the middle as far as the edges allow: the form of the training pictures. ${pixels}`;
}
