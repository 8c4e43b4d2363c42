// Sample trace: the forward and backward pass of one point or a batch, step by step, with all numbers.

import { h, iconButton, setText } from "../../core/dom.js";
import { notationOf, notationSwitch } from "../../core/notation.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { overlays } from "../network/index.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { clamped, limitsOf, selectionControls, subscriptionOf } from "./selection.js";
import { delta, outputDelta } from "./deltas.js";
import { drawTracePosition } from "./position.js";
import { activation, inputs, loss, weightedSum } from "./forward.js";
import { chain, numeric, update } from "./one-weight.js";

/** The content of each step by its name: (trace, step, { image, catalogue, notation }) to { title, parts }. */
const STEPS = {
  inputs,
  weighted_sum: weightedSum,
  activation,
  loss,
  output_delta: outputDelta,
  delta,
  chain,
  numeric,
  update,
};
const WEIGHT_STEPS = ["chain", "numeric", "update"];
const INITIAL = { part: "train", index: 0, batch: null, layer: null, unit: 0, source: 0 };
const KEYS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

export function panel(section, { store }) {
  overlays.push(drawTracePosition);
  const frame = () => store.get()["view:sample_trace"];
  const withoutShapes = ({ shapes, lecture_shapes, ...layer }) => layer;
  const shell = panelShell(section, {
    title: t("panel.sample_trace.tab"),
    line: "",
    data: () => frame() ?? {},
    table: () => (frame()?.layers ?? []).map(withoutShapes),
  });
  const view = createView(shell, store);
  section.addEventListener("keydown", (event) => onKey(event, view));
  store.watch((state, changed) => {
    const closed = changed.includes("openTabs") && state.openTabs.middle !== "sample_trace";
    if (closed && state.tracePosition) store.set({ tracePosition: null });
  });
  return {
    name: "sample_trace", section, moving: true, view,
    needs: [
      "view:sample_trace", "tracedSample", "points", "openTabs", "traceStep", "viewError", "catalogue",
      "notation", runConfig, runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

function createView(shell, store) {
  const select = (changes) => store.set({ tracedSample: { ...INITIAL, ...store.get().tracedSample, ...changes } });
  const onSelect = (changes) => select("layer" in changes ? { ...changes, unit: 0, source: 0 } : changes);
  const selection = selectionControls(onSelect);
  const content = h("div", { class: "trace-content" });
  const label = t("panel.sample_trace.content");
  const scroller = h("div", { class: "trace-scroller", tabindex: 0, role: "region", "aria-label": label }, content);
  const position = h("output", { class: "trace-position" });
  const view = { store, selection, content, scroller, position, index: 0, steps: [] };
  shell.tools.append(
    notationSwitch(store),
    h("div", { class: "stepper", role: "group", "aria-label": t("panel.sample_trace.steps") },
      iconButton("back", t("panel.sample_trace.previous"), () => moveBy(view, -1)),
      position,
      iconButton("next", t("panel.sample_trace.next"), () => moveBy(view, 1))),
  );
  shell.body.append(selection.element, scroller);
  return view;
}

/** Arrow and page keys move between the steps while the panel has the focus, except in its fields and the tabs. */
function onKey(event, view) {
  const steps = KEYS[event.key];
  if (!steps || event.shiftKey || event.ctrlKey || event.altKey) return;
  if (event.target.matches("input, select, [role=tab]")) return;
  event.preventDefault();
  event.stopPropagation();
  moveBy(view, steps);
}

function moveBy(view, steps) {
  view.index = Math.max(0, Math.min(view.index + steps, view.steps.length - 1));
  view.store.set({ traceStep: {} });
  view.scroller.scrollTop = 0;
}

function draw(view, state) {
  const { store, selection, content } = view;
  const limits = limitsOf(state);
  const selected = clamped({ ...INITIAL, ...state.tracedSample }, limits);
  selection.show(selected, limits);
  subscribe(store, "sample_trace", subscriptionOf(selected));
  const trace = state["view:sample_trace"];
  if (trace && trace.run === state.run?.id) return showStep(view, trace, state);
  const text = state.viewError?.message ?? t("panel.sample_trace.waiting");
  content.replaceChildren(h("p", { class: "panel-note", text }));
}

function showStep(view, trace, state) {
  const { points, catalogue, tracePosition, traceStep } = state;
  view.steps = trace.steps;
  const asked = trace.steps.findIndex(({ name }) => name === traceStep);
  view.index = asked < 0 ? Math.min(view.index, trace.steps.length - 1) : asked;
  const step = trace.steps[view.index];
  const image = points?.run === trace.run ? points.image : null;
  const { title, parts } = STEPS[step.name](trace, step, { image, catalogue, notation: notationOf(state) });
  const numbers = { step: view.index + 1, count: trace.steps.length };
  setText(view.position, t("panel.sample_trace.position", numbers));
  view.content.replaceChildren(h("h3", { class: "trace-title", text: title }), ...parts);
  view.content.dataset.step = step.name;
  const traced = positionOf(step, trace);
  if (!same(traced, tracePosition)) view.store.set({ tracePosition: traced });
}

/** The layer of a step, and the weight for the steps on one weight. */
function positionOf(step, trace) {
  const { layer, unit, source } = trace.chain.weight;
  if (WEIGHT_STEPS.includes(step.name)) return { layer, unit, source: source ?? -1 };
  if (step.name === "inputs") return { layer: -1 };
  return { layer: step.layer ?? trace.layers.length - 1 };
}
