// What stands in the studio besides the large picture and the bar: network, layers, curves and the form.

import { followEarlier } from "./earlier-views.js";
import { h } from "../core/dom.js";
import { createForm } from "./form/form.js";
import { curvesPanel, loadPlotly } from "../panels/curves/index.js";
import { layerControls } from "../panels/network/layer-controls.js";
import { layersPanel } from "../panels/activation_histograms/index.js";
import { networkPanel } from "../panels/network/index.js";
import { viewApplies } from "./problem.js";
import { startTabs } from "./tabs.js";

/** Build the panels and hand them to the loop; then let Plotly come, in a quiet moment, because it is large. */
export function mountPanels({ store, actions, loop, plotly, output }) {
  const at = (id) => document.getElementById(id);
  const controls = layerControls(store, actions);
  const network = networkPanel(at("panel-network"), store, actions, controls);
  loop.add([
    network, controls, layersPanel(at("panel-activation_histograms"), store),
    ...curvesPanel(at("panel-curves"), store), createForm(at("form"), actions.change),
  ]);
  inspectWhenNeeded(network.view, { store, actions, loop });
  followEarlier(store);
  compareWhenAsked(at("panel-decision_boundary"), { store, actions, loop });
  takeOwnData({ store, actions });
  drawWhenAsked({ store, actions, output });
  const open = startTabs({ store, actions, loop, plotly });
  store.watch(({ sample, tabs }, changed) => changed.includes("sample") && tabs.middle !== "sample_trace" && viewApplies(store.get(), "sample_trace") && open("sample_trace"));
  const quiet = window.requestIdleCallback ?? ((task) => setTimeout(task, 200));
  const load = () => loadPlotly(plotly).then(() => store.set({ plotly: true }), () => store.set({ plotly: false }));
  setTimeout(() => quiet(load, { timeout: 2000 }), 400);
}

/** The tools for drawing points come when somebody wants to. */
function drawWhenAsked({ store, actions, output }) {
  const undo = store.watch(({ drawing }) => {
    if (!drawing) return;
    undo();
    import("../panels/decision_boundary/draw-points.js").then(({ startDrawing }) => startDrawing(output, store, actions));
  });
}

/** A person's own data: by the button in the form, or a file dropped anywhere. */
function takeOwnData(context) {
  const open = async (files) => (await import("../data/dialog.js")).openData(context, files);
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("click", ({ target }) => target.closest?.("[data-own-data]") && open([]));
  document.addEventListener("dragover", (event) => carriesFile(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) open([...event.dataTransfer.files]);
  });
  // Data of their own, or a list that still holds those of the run before.
  const look = ({ catalogue, run }) => catalogue && run && (run.config.dataset?.content || catalogue.datasets.some((set) => set.instead)) && import("./orphaned-datasets.js").then(({ listForgotten }) => listForgotten(context.store));
  look(context.store.get());
  context.store.watch((state, changed) => ["points", "catalogue", "run"].some((key) => changed.includes(key)) && look(state));
}

/** What edits single weights and units comes when somebody approaches the network, or the network has been edited. */
function inspectWhenNeeded(network, context) {
  let [coming, tapped] = [null, false];
  // A finger enters and taps at once: what it tapped opens when the module is there.
  const tap = ({ shiftKey }) => (tapped = !shiftKey);
  const start = ({ startInspector }) => {
    network.canvas.removeEventListener("click", tap);
    const inspector = startInspector(network, context);
    if (tapped) inspector.openPinned();
    return inspector;
  };
  const fetchIt = () => (coming ??= import("../panels/unit_numbers/index.js").then(start));
  network.canvas.addEventListener("click", tap);
  const weights = h("button", { type: "button", class: "chip small", title: "All weights of a layer as a map of colours", on: { click: async () => (await fetchIt()).weights() } }, h("span", { text: "Weights" }));
  network.shell.tools.prepend(weights);
  for (const type of ["pointerenter", "focus"]) network.canvas.addEventListener(type, fetchIt, { once: true });
  const needed = ({ run, operated, points }) => operated || (run && (document.body.dataset.runId || points?.image));
  const undo = context.store.watch((state) => needed(state) && (undo(), fetchIt()));
}

/** What shows units side by side comes with the first of them. */
function compareWhenAsked(section, { store, actions, loop }) {
  const undo = store.watch(({ beside }) => {
    if (!beside.length) return;
    undo();
    import("../panels/decision_boundary/pinned-units.js").then(({ besidePanel }) => loop.add([besidePanel(section, store, actions)]));
  });
}
