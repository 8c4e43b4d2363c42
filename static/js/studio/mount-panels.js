// Mounts the panels of the first visit, the form and the tabs, after the first frame is drawn.

import { load } from "../core/loading.js";
import { createForm } from "./form/form.js";
import { panel as curvesPanel } from "../panels/curves/index.js";
import { panel as layersPanel } from "../panels/activation_histograms/index.js";
import { panel as networkPanel } from "../panels/network/index.js";
import { viewApplies } from "./problem.js";
import { startTabs } from "./tabs.js";

// The panels of the first visit, sent in one file because they are imported here (docs/decisions/0005);
// every other panel is imported by the name of its section when its tab is first opened.
const FIRST_PANELS = { network: networkPanel, activation_histograms: layersPanel, curves: curvesPanel };

export function mountPanels(context) {
  const { store, actions, loop } = context;
  const sections = Object.keys(FIRST_PANELS).map((name) => document.getElementById(`panel-${name}`));
  loop.add(sections.flatMap((section) => FIRST_PANELS[section.dataset.panel](section, context)));
  const form = createForm(document.getElementById("form"), actions.change);
  loop.add([form]);
  actions.settings = () => form.open();
  actions.showField = async (path) =>
    (await load(() => import("./drawer/show-field.js"))).showField(path, form.open);
  offerVaryLater(context);
  fetchEarlierViewsLater(store);
  if (/[?&]a=/.test(location.search)) startReference(context);
  introduce(store);
  loadSplit(store);
  acceptFiles({ store, actions });
  followOrphanedDatasets(store);
  store.watch((state) => composeWarnings(state, store));
  const open = startTabs(context);
  store.watch((state, changed) => {
    const opensTrace = changed.includes("tracedSample") && state.openTabs.middle !== "sample_trace";
    if (opensTrace && viewApplies(state, "sample_trace")) open("sample_trace");
  });
}

/** Shows the introduction at a first visit, to a network that is not trained yet; not on a projector. */
async function introduce(store) {
  const isPresent = document.documentElement.classList.contains("present");
  if (localStorage.getItem("perceptarium-introduced") || isPresent || store.get().run?.step) return;
  (await load(() => import("./introduction.js"))).showIntroduction(store);
}

/**
 * Loads the bar between the network and the panels below it when pointer or focus first reaches it; with a touch screen
 * at once, because a finger enters and drags at once.
 */
function loadSplit(store) {
  const bar = document.getElementById("split");
  let loading = null;
  const start = () => (loading ??= load(() => import("./split.js")).then(({ startSplit }) => startSplit(bar, store)));
  for (const type of ["pointerenter", "focus"]) bar.addEventListener(type, start);
  if (matchMedia("(any-pointer: coarse)").matches) start();
}

/** Offers to vary the field of the form that the pointer or the focus reaches. */
function offerVaryLater({ store, actions }) {
  const form = document.getElementById("form");
  const start = () => load(() => import("./vary/offer.js")).then(({ offerVary }) => offerVary(form, store, actions));
  for (const type of ["pointerenter", "focusin"]) form.addEventListener(type, start, { once: true });
}

/** Opens the data dialog at a click on its button in the form, or when files are dropped on the page. */
function acceptFiles(context) {
  const open = async (files) => (await load(() => import("../data/dialog.js"))).openData(context, files);
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("click", ({ target }) => target.closest?.("[data-own-data]") && open([]));
  document.addEventListener("dragover", (event) => carriesFile(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) open([...event.dataTransfer.files]);
  });
}

/** Keeps the orphaned data set of the run in the catalogue, as long as the run uses it. */
function followOrphanedDatasets(store) {
  const isNeeded = ({ catalogue, run }) =>
    catalogue && run && (run.config.dataset?.content || catalogue.datasets.some((set) => set.replacedBy));
  const update = async (state) =>
    isNeeded(state) && (await load(() => import("./orphaned-datasets.js"))).listOrphaned(store);
  update(store.get());
  store.watch((state, changed) =>
    ["points", "catalogue", "run"].some((key) => changed.includes(key)) && update(state));
}

/** Puts the page's own sentences in place of the English messages of warnings. */
const composeWarnings = async ({ run, catalogue }, store) =>
  catalogue && run?.warnings?.some(({ code }) => code) &&
  (await load(() => import("./form/warnings.js"))).composeWarnings(store);

const startReference = async (context) =>
  (await load(() => import("../reference/index.js"))).startReference(context);

/** Fetches recorded steps for the panels that show a view over time; loads the module with the first such view. */
function fetchEarlierViewsLater(store) {
  const views = ["view:layer_health", "view:activation_curves"];
  const stop = store.watch((_, changed) => {
    if (!views.some((key) => changed.includes(key))) return;
    stop();
    load(() => import("./earlier-views.js")).then(({ fetchEarlierViews }) => fetchEarlierViews(store));
  });
}
