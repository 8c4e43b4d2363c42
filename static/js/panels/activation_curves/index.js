// The activation laboratory: any f and its slope, and where the values of every layer lie under their own.

import { h, setAttribute } from "../../core/dom.js";
import { number, percent, words } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { drawLayer } from "./layer.js";
import { alphaMemory } from "./alphas.js";
import { canvasIn, chart, line, span } from "../shared/chart.js";
import { panelShell } from "../shared/panel.js";

const START = { activation: "tanh", alpha: null, reach: 6 };

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Activations",
    line: "",
    explain:
      "Left: any activation f and its slope f′, for whatever α. Right: every layer's own f over the pre-activations that the test points have just now. Where |f′| is below 0.05 the ground is hatched: what lies there passes on hardly any gradient; its share is written above.",
    data: () => store.get()["view:activation_curves"] ?? {},
    table: () => curvesOf(store.get()["view:activation_curves"]),
  });
  const set = (changes) => store.set({ activationOptions: { ...store.get().activationOptions, ...changes } });
  const controls = labControls(set);
  const curve = h("div", { class: "lab-curve" });
  const layers = h("div", {
    class: "lab-layers",
    tabindex: 0,
    role: "region",
    "aria-label": "Layers under their activations",
  });
  const note = h("p", { class: "aside" });
  const alphas = h("div", { class: "lab-alphas", hidden: true });
  shell.tools.append(controls.choice);
  shell.body.append(
    h(
      "div",
      { class: "lab" },
      h("div", { class: "lab-left" }, controls.element, curve, note),
      h("div", { class: "lab-right" }, layers, alphas),
    ),
  );
  const view = { store, controls, curve, layers, note, alphas, memory: alphaMemory(store) };
  return {
    name: "activation_curves",
    section,
    moving: true,
    view,
    needs: [
      "view:activation_curves",
      "earlier:activation_curves",
      "activationOptions",
      "stepCursor",
      "catalogue",
      "theme",
      "layoutSize",
      "openTabs",
      "viewError",
      runConfig,
      runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

function labControls(set) {
  const choice = h("select", {
    class: "select small",
    "aria-label": "Activation looked at",
    on: { change: () => set({ activation: choice.value, alpha: null }) },
  });
  const slider = (label, attributes, key) => {
    const input = h("input", {
      type: "range",
      class: "slider",
      "aria-label": label,
      ...attributes,
      on: { input: () => set({ [key]: Number(input.value) }) },
    });
    const told = h("output", {});
    return { input, told, element: h("label", { class: "lab-slider" }, h("span", { text: label }), input, told) };
  };
  const [alpha, reach] = [
    slider("α", { min: 0, max: 3, step: 0.01 }, "alpha"),
    slider("range", { min: 1, max: 20, step: 0.5 }, "reach"),
  ];
  const element = h("div", { class: "lab-sliders" }, alpha.element, reach.element);
  const show = (chosen, catalogue, frame) => {
    if (!choice.length)
      choice.append(...catalogue.activations.map(({ name, title }) => h("option", { value: name, text: title })));
    choice.value = chosen.activation;
    const takes = catalogue.activations.find(({ name }) => name === chosen.activation)?.parameters?.alpha;
    alpha.element.hidden = !takes;
    const worth = chosen.alpha ?? frame?.activation.alpha ?? takes?.default ?? 0;
    put(alpha, Math.min(Math.max(worth, takes?.minimum ?? 0), 3));
    put(reach, chosen.reach);
  };
  return { choice, element, show };
}

function put({ input, told }, value) {
  if (document.activeElement !== input) input.value = value;
  input.style.setProperty("--part", `${(100 * (input.value - input.min)) / (input.max - input.min)}%`);
  told.textContent = number(value);
}

function draw(view, state) {
  const { store, controls, curve, layers, note, alphas, memory } = view;
  if (!state.catalogue) return;
  const chosen = { ...START, ...state.activationOptions };
  const { activation, alpha, reach } = chosen;
  const subscription = {
    view: "activation_curves",
    options: { activation, ...(alpha === null ? {} : { alpha }), low: -reach, high: reach },
    id: "activation_curves",
  };
  if (!same(subscription, state.subscriptions.activation_curves))
    store.set({ subscriptions: { ...state.subscriptions, activation_curves: subscription } });
  const frame = state["view:activation_curves"];
  const fits = frame?.run === state.run?.id && frame.activation.name === activation;
  controls.show(chosen, state.catalogue, fits ? frame : null);
  if (!fits) return;
  drawLab(curve, frame, state.colours);
  note.textContent = frame.activation.f
    ? (state.catalogue.activations.find(({ name }) => name === frame.activation.name)?.help ?? "")
    : `${words(frame.activation.note ?? "It mixes the units, so there is no curve of one variable")}.`;
  drawLayers(layers, frame, state.colours);
  memory.show(alphas, frame, state["earlier:activation_curves"], state);
}

function drawLab(box, { z, activation: { name, f, slope, alpha } }, colours) {
  box.hidden = !f;
  if (!f) return;
  const canvas = canvasIn(box, "lab-chart");
  const [low, high] = span([...f], [...(slope ?? [])]);
  const room = (high - low) * 0.08;
  const at = (values, x) => values[Math.round(((x - z[0]) / (z.at(-1) - z[0])) * (z.length - 1))];
  chart(canvas, {
    colours,
    x: { low: z[0], high: z.at(-1), name: "z" },
    y: { low: low - room, high: high + room, name: "f (solid), f′ (dashed)" },
    label: `${words(name)}${alpha === null ? "" : ` with α ${number(alpha)}`}: f(0) = ${number(at(f, 0))}${slope ? `, f′(0) = ${number(at(slope, 0))}` : ""}`,
    marks: (context, toX, toY) => {
      if (slope) line(context, z, slope, toX, toY, { colour: colours.accent, width: 2, dash: [6, 4] });
      line(context, z, f, toX, toY, { colour: colours.strong, width: 2.6 });
    },
  });
}

function drawLayers(box, frame, colours) {
  if (box.childElementCount !== frame.layers.length) {
    box.replaceChildren(
      ...frame.layers.map(() =>
        h(
          "figure",
          { class: "lab-layer" },
          h("figcaption", {}),
          h("div", { class: "lab-box" }, h("canvas", { role: "img" })),
        ),
      ),
    );
  }
  frame.layers.forEach((layer, i) => {
    const figure = box.children[i];
    const text = `${words(layer.name)} · ${layer.activation.replace(/_/g, " ")} · flat ${percent(layer.flat)}${layer.nonfinite ? ` · overflow ${percent(layer.nonfinite)}` : ""}`;
    if (figure.firstChild.textContent !== text) figure.firstChild.textContent = text;
    figure.firstChild.title = `${layer.flat} of the values have a slope below ${frame.bound}`;
    const canvas = figure.querySelector("canvas");
    drawLayer(canvas, layer, frame, colours);
    setAttribute(
      canvas,
      "aria-label",
      `${text}; pre-activations from ${number(layer.histogram.low)} to ${number(layer.histogram.high)}`,
    );
  });
}

/** The function chosen, and then each layer's, over the same z; a layer's histogram after its curve. */
function curvesOf(frame) {
  if (!frame) return {};
  const {
    z,
    activation: { name, f, slope },
    layers,
  } = frame;
  return [{ name: "chosen", activation: name, z, f, slope }, ...layers.map((layer) => ({ ...layer, z }))];
}
