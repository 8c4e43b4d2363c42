// Activation curves: f and f′ of a selected activation, and the pre-activations of each layer with its activation.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number, numbers, percent, words } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { partText, showPart } from "../shared/data-part.js";
import { flatTexts } from "../shared/flat-values.js";
import { layerName } from "../shared/layer-names.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { curvesShown, drawChosen, indexAt, liveOf, liveText, readingText } from "./chosen.js";
import { curveControls } from "./controls.js";
import { drawLayer } from "./layer.js";
import { learnedAlphas } from "./learned-alphas.js";

const INITIAL = { activation: "tanh", alpha: null, reach: 6, z: 1 };

export function panel(section, { store }) {
  const frame = () => store.get()["view:activation_curves"];
  const shell = panelShell(section, {
    title: t("panel.activation_curves.tab"),
    line: "",
    data: () => frame() ?? {},
    table: () => curvesOf(frame()),
  });
  const view = createView(shell, store);
  return {
    name: "activation_curves", section, moving: true, view,
    needs: [
      "view:activation_curves", "earlier:activation_curves", "activationOptions", "stepCursor", "catalogue", "theme",
      "layoutSize", "openTabs", "viewError", runConfig, runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

function createView(shell, store) {
  const set = (changes) => store.set({ activationOptions: { ...store.get().activationOptions, ...changes } });
  const controls = curveControls(set);
  const curve = h("div", { class: "activation-curve" });
  const label = t("panel.activation_curves.layers");
  const layers = h("div", { class: "activation-layers", tabindex: 0, role: "region", "aria-label": label });
  const reading = h("p", { class: "activation-reading" });
  const page = h("a", { target: "_blank", rel: "noopener" });
  const note = h("p", { class: "aside" }, h("span", {}), " ", page);
  const alphas = h("div", { class: "activation-alphas", hidden: true });
  const left = h("div", { class: "activation-left" }, controls.element, curve, reading, note);
  shell.tools.append(controls.select);
  const right = h("div", { class: "activation-right" }, layers, alphas);
  shell.body.append(h("div", { class: "activation-curves" }, left, right));
  return { shell, store, set, controls, curve, reading, layers, note, alphas, learned: learnedAlphas(store) };
}

function draw(view, state) {
  const { shell, store, controls, layers, alphas, learned } = view;
  const { catalogue, colours } = state;
  if (!catalogue) return;
  const options = { ...INITIAL, ...state.activationOptions };
  subscribe(store, "activation_curves", subscriptionOf(options));
  const frame = state["view:activation_curves"];
  const isCurrent = Boolean(frame) && frame.run === state.run?.id && frame.activation.name === options.activation;
  controls.show(options, catalogue, isCurrent ? frame : null);
  if (!isCurrent) return;
  showPart(shell, t("panel.activation_curves.line", { part: partText(frame.part, frame.samples) }));
  const { canvas, toZ } = drawSelected(view, frame, options, state);
  view.toZ = toZ;
  readAtPointer(view, canvas);
  learned.show(alphas, frame, state["earlier:activation_curves"], state); // its height reduces that of the layers
  drawLayers(layers, frame, catalogue, colours);
}

function subscriptionOf({ activation, alpha, reach }) {
  const options = { activation, ...(alpha === null ? {} : { alpha }), low: -reach, high: reach };
  return { view: "activation_curves", options, id: "activation_curves" };
}

const entryOf = (catalogue, name) => catalogue.activations.find((entry) => entry.name === name);
const titleOf = (catalogue, name) => entryOf(catalogue, name)?.title ?? name;

/** Draws the selected activation, and what it is at the z that is read: the texts first, as the chart has the rest. */
function drawSelected({ curve, controls, reading, note }, frame, options, { catalogue, colours }) {
  const { z, activation } = frame;
  const shown = curvesShown(activation);
  const at = indexAt(z, options.z);
  const text = readingText({ z, at, ...shown });
  const title = titleOf(catalogue, activation.name);
  const live = liveOf(frame);
  controls.showReading(at, z, text);
  setText(reading, text);
  showNote(note, activation, catalogue, live);
  return drawChosen(curve, frame, { colours, at, title, live });
}

/** The description of the activation, what the dots are, and the link to its page. */
function showNote(note, { name, f, example }, catalogue, live) {
  const [text, link] = note.children;
  const others = { activation: titleOf(catalogue, name), others: numbers(example?.others ?? []) };
  const first = f ? entryOf(catalogue, name)?.help ?? "" : t("panel.activation_curves.example", others);
  setText(text, [first, liveText(live)].filter(Boolean).join(". ") + ".");
  setText(link, t("panel.activation_curves.page", { activation: others.activation }));
  setAttribute(link, "href", `/activations/${name}`);
}

/** Moving the pointer over the chart reads the curves there. */
function readAtPointer(view, canvas) {
  if (view.pointed === canvas) return;
  view.pointed = canvas;
  canvas.addEventListener("pointermove", ({ offsetX, pointerType, buttons }) => {
    if (pointerType === "mouse" || buttons) view.set({ z: view.toZ(offsetX) });
  });
}

function drawLayers(box, frame, catalogue, colours) {
  if (box.childElementCount !== frame.layers.length) box.replaceChildren(...frame.layers.map(figure));
  frame.layers.forEach((layer, i) => {
    const [caption, content] = box.children[i].children;
    const canvas = content.firstChild;
    const text = captionText(layer, i, frame.layers.length, catalogue);
    setText(caption, text);
    const range = { share: layer.flat, bound: frame.bound };
    setAttribute(caption, "title", t("panel.activation_curves.small_derivative", range));
    drawLayer(canvas, layer, frame, colours);
    const { low, high } = layer.histogram;
    const values = { text, low: number(low), high: number(high) };
    setAttribute(canvas, "aria-label", t("panel.activation_curves.layer_description", values));
  });
}

function figure() {
  const box = h("div", { class: "activation-box" }, h("canvas", { role: "img" }));
  return h("figure", { class: "activation-layer" }, h("figcaption", {}), box);
}

function captionText({ activation, flat, nonfinite }, index, count, catalogue) {
  const values = {
    layer: words(layerName(index, count)),
    activation: titleOf(catalogue, activation),
    flat: flatTexts({ activation, saturated: flat }, index === count - 1)[0],
    overflow: percent(nonfinite),
  };
  return nonfinite
    ? t("panel.activation_curves.caption_overflow", values)
    : t("panel.activation_curves.caption", values);
}

/** The selected activation, then that of each layer with its histogram, over the same z. */
function curvesOf(frame) {
  if (!frame) return {};
  const { z, activation, layers } = frame;
  const { f, slope } = curvesShown(activation);
  return [{ name: "chosen", activation: activation.name, z, f, slope }, ...layers.map((layer) => ({ ...layer, z }))];
}
