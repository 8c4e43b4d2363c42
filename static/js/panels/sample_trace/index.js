// One point's way through the network, and the error's way back: every number, step by step.

import { h, iconButton, setText } from "../../core/dom.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { panelShell } from "../shared/panel.js";
import { chain, delta, numeric, outputDelta, update } from "./backward.js";
import { bounds, choiceRow, fitted, subscriptionOf } from "./choice.js";
import { activation, inputs, loss, weightedSum } from "./forward.js";

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
const START = { part: "train", index: 0, batch: null, layer: null, unit: 0, source: 0 };

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Trace",
    line: "",
    explain:
      "Every number on one point's way through the network, in the lecture's notation, and then the error's way back: the delta of each unit, the chain rule of one weight factor by factor, its check by a difference, and the step the optimizer would take. Click a point in the large picture to choose it; the arrow keys go from step to step.",
    data: () => store.get()["view:sample_trace"] ?? {},
    table: () =>
      (store.get()["view:sample_trace"]?.layers ?? []).map(({ shapes, lecture_shapes, ...layer }) => layer),
  });
  const choose = (changes) => store.set({ tracedSample: { ...START, ...store.get().tracedSample, ...changes } });
  const choice = choiceRow((changes) => choose("layer" in changes ? { ...changes, unit: 0, source: 0 } : changes));
  const content = h("div", { class: "trace-content" });
  const stage = h(
    "div",
    { class: "trace-stage", tabindex: 0, role: "region", "aria-label": "Trace, step by step" },
    content,
  );
  const place = h("output", { class: "trace-place" });
  const view = { store, section, choice, content, stage, place, at: 0, steps: [] };
  const move = (by) => turn(view, by);
  const stepper = h(
    "div",
    { class: "stepper", role: "group", "aria-label": "Steps of the trace" },
    iconButton("back", "Previous step (←)", () => move(-1)),
    place,
    iconButton("next", "Next step (→)", () => move(1)),
  );
  shell.tools.append(stepper);
  shell.body.append(choice.element, stage);
  section.addEventListener("keydown", (event) => walk(event, move));
  store.watch(
    (state, changed) =>
      changed.includes("openTabs") &&
      state.openTabs.middle !== "sample_trace" &&
      state.tracePosition &&
      store.set({ tracePosition: null }),
  );
  return {
    name: "sample_trace",
    section,
    moving: true,
    view,
    needs: [
      "view:sample_trace",
      "tracedSample",
      "points",
      "openTabs",
      "traceStep",
      "viewError",
      runConfig,
      runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

/** Arrows go through the steps, ten at a time with the page keys, while the panel has the focus; in its fields they keep their meaning. */
function walk(event, move) {
  const by = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
  if (!by || event.shiftKey || event.ctrlKey || event.altKey || event.target.matches("input, select, [role=tab]"))
    return;
  event.preventDefault();
  event.stopPropagation();
  move(by);
}

function turn(view, by) {
  view.at = Math.max(0, Math.min(view.at + by, view.steps.length - 1));
  view.store.set({ traceStep: {} });
  view.stage.scrollTop = 0;
}

function draw(view, state) {
  const { store, choice, content, place } = view;
  const limits = bounds(state);
  const chosen = fitted({ ...START, ...state.tracedSample }, limits);
  choice.show(chosen, limits);
  const subscription = subscriptionOf(chosen);
  if (!same(subscription, state.subscriptions.sample_trace))
    store.set({ subscriptions: { ...state.subscriptions, sample_trace: subscription } });
  const trace = state["view:sample_trace"];
  if (trace?.run !== state.run?.id)
    return content.replaceChildren(
      h("p", {
        class: "panel-note",
        text:
          state.viewError?.message ??
          "Click a point in the large picture, or type its number: its way through the network appears here.",
      }),
    );
  view.steps = trace.steps;
  view.at = Math.min(view.at, trace.steps.length - 1);
  const step = trace.steps[view.at];
  const { title, parts } = STEPS[step.name](trace, step, state.points?.run === trace.run ? state.points.image : null);
  setText(place, `${view.at + 1} of ${trace.steps.length}`);
  content.replaceChildren(h("h3", { class: "trace-title", text: title }), ...parts);
  content.dataset.step = step.name;
  const at = whereabouts(step, trace);
  if (!same(at, state.tracePosition)) store.set({ tracePosition: at });
}

/** Which layer the step is about, and which weight where it is about one. */
function whereabouts(step, trace) {
  const { layer, unit, source } = trace.chain.weight;
  if (["chain", "numeric", "update"].includes(step.name)) return { layer, unit, source: source ?? -1 };
  if (step.name === "inputs") return { layer: -1 };
  return { layer: step.layer ?? trace.layers.length - 1 };
}
