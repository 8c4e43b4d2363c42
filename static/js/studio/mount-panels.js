// Mounts the panels of the studio that the first visit shows, the form and the tabs, after the first picture.

import { createForm } from "./form/form.js";
import { panel as curvesPanel } from "../panels/curves/index.js";
import { panel as layersPanel } from "../panels/activation_histograms/index.js";
import { panel as networkPanel } from "../panels/network/index.js";
import { viewApplies } from "./problem.js";
import { startTabs } from "./tabs.js";

// The panels of the first visit. They are imported here so that they travel in one file (docs/decisions/0005);
// every other panel is imported by the name of its section when its tab is first opened.
const FIRST = { network: networkPanel, activation_histograms: layersPanel, curves: curvesPanel };

export function mountPanels(context) {
  const { store, actions, loop } = context;
  const sections = Object.keys(FIRST).map((name) => document.getElementById(`panel-${name}`));
  loop.add(sections.flatMap((section) => FIRST[section.dataset.panel](section, context)));
  loop.add([createForm(document.getElementById("form"), actions.change)]);
  fetchEarlierViewsLater(store);
  acceptFiles({ store, actions });
  followOrphanedDatasets(store);
  const open = startTabs(context);
  store.watch((state, changed) => {
    const traced = changed.includes("tracedSample") && state.openTabs.middle !== "sample_trace";
    if (traced && viewApplies(state, "sample_trace")) open("sample_trace");
  });
}

/** Opens the data dialog: by its button in the form, or with files dropped anywhere on the page. */
function acceptFiles(context) {
  const open = async (files) => (await import("../data/dialog.js")).openData(context, files);
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("click", ({ target }) => target.closest?.("[data-own-data]") && open([]));
  document.addEventListener("dragover", (event) => carriesFile(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) open([...event.dataTransfer.files]);
  });
}

/** Lists data sets whose name is gone, for runs that still use them or lists that still show those of the last run. */
function followOrphanedDatasets(store) {
  const isNeeded = ({ catalogue, run }) =>
    catalogue && run && (run.config.dataset?.content || catalogue.datasets.some((set) => set.instead));
  const update = async (state) =>
    isNeeded(state) && (await import("./orphaned-datasets.js")).listOrphaned(store);
  update(store.get());
  store.watch((state, changed) =>
    ["points", "catalogue", "run"].some((key) => changed.includes(key)) && update(state));
}

/** Recorded steps for panels that show their view over time; the module is fetched with the first such view. */
function fetchEarlierViewsLater(store) {
  const views = ["view:layer_health", "view:activation_curves"];
  const stop = store.watch((_, changed) => {
    if (!views.some((key) => changed.includes(key))) return;
    stop();
    import("./earlier-views.js").then(({ fetchEarlierViews }) => fetchEarlierViews(store));
  });
}
