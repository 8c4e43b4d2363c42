// Activation curves: f and f′ of a selected activation, and the pre-activations of each layer with its activation.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number, percent, words } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { canvasIn, chart, line, rangeOf } from "../shared/chart.js";
import { partText, showPart } from "../shared/data-part.js";
import { flatTexts } from "../shared/flat-values.js";
import { layerName } from "../shared/layer-names.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { curveControls } from "./controls.js";
import { drawLayer } from "./layer.js";
import { learnedAlphas } from "./learned-alphas.js";

const INITIAL = { activation: "tanh", alpha: null, reach: 6 };

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
  const note = h("p", { class: "aside" });
  const alphas = h("div", { class: "activation-alphas", hidden: true });
  const left = h("div", { class: "activation-left" }, controls.element, curve, note);
  shell.tools.append(controls.select);
  const right = h("div", { class: "activation-right" }, layers, alphas);
  shell.body.append(h("div", { class: "activation-curves" }, left, right));
  return { shell, store, controls, curve, layers, note, alphas, learned: learnedAlphas(store) };
}

function draw(view, state) {
  const { shell, store, controls, curve, layers, note, alphas, learned } = view;
  const { catalogue, colours } = state;
  if (!catalogue) return;
  const options = { ...INITIAL, ...state.activationOptions };
  subscribe(store, "activation_curves", subscriptionOf(options));
  const frame = state["view:activation_curves"];
  const isCurrent = Boolean(frame) && frame.run === state.run?.id && frame.activation.name === options.activation;
  controls.show(options, catalogue, isCurrent ? frame : null);
  if (!isCurrent) return;
  showPart(shell, t("panel.activation_curves.line", { part: partText(frame.part, frame.samples) }));
  drawSelected(curve, frame, entryOf(catalogue, frame.activation.name), colours);
  setText(note, noteText(frame.activation, catalogue));
  drawLayers(layers, frame, catalogue, colours);
  learned.show(alphas, frame, state["earlier:activation_curves"], state);
}

function subscriptionOf({ activation, alpha, reach }) {
  const options = { activation, ...(alpha === null ? {} : { alpha }), low: -reach, high: reach };
  return { view: "activation_curves", options, id: "activation_curves" };
}

const entryOf = (catalogue, name) => catalogue.activations.find((entry) => entry.name === name);
const titleOf = (catalogue, name) => entryOf(catalogue, name)?.title ?? name;

/** The description of the activation, or why it has no curve. */
function noteText({ name, f }, catalogue) {
  if (f) return entryOf(catalogue, name)?.help ?? "";
  return t("panel.activation_curves.no_curve", { activation: titleOf(catalogue, name) });
}

function drawSelected(box, { z, activation }, entry, colours) {
  const { f, slope } = activation;
  box.hidden = !f;
  if (!f) return;
  const [low, high] = rangeOf([...f], [...(slope ?? [])]);
  const padding = (high - low) * 0.08;
  chart(canvasIn(box, "activation-chart"), {
    colours,
    x: { low: z[0], high: z.at(-1), name: "z" },
    y: { low: low - padding, high: high + padding, name: t("panel.activation_curves.curves") },
    label: description(z, activation, entry?.title ?? activation.name),
    marks: (context, toX, toY) => {
      if (slope) line(context, z, slope, toX, toY, { colour: colours.accent, width: 2, dash: [6, 4] });
      line(context, z, f, toX, toY, { colour: colours.strong, width: 2.6 });
    },
  });
}

/** "ELU, α = 1: f(0) = 0, f′(0) = 1". */
function description(z, { alpha, f, slope }, title) {
  const zero = Math.round((-z[0] / (z.at(-1) - z[0])) * (z.length - 1));
  const name = alpha === null ? title : `${title}, α = ${number(alpha)}`;
  const values = `${name}: f(0) = ${number(f[zero])}`;
  return slope ? `${values}, f′(0) = ${number(slope[zero])}` : values;
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
  const { name, f, slope } = activation;
  return [{ name: "chosen", activation: name, z, f, slope }, ...layers.map((layer) => ({ ...layer, z }))];
}
