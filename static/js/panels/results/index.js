// The evaluation of one part of the data: confusion matrix, metrics per class, curves, residuals, worst points.

import { h, setProperty } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { partText } from "../shared/data-part.js";
import { panelShell } from "../shared/panel.js";
import { inDisplayOrder } from "../shared/scales.js";
import { subscribe } from "../shared/subscribe.js";
import { withClassTitles } from "../shared/class-titles.js";
import { calibration, residuals, roc, sweep } from "./plots.js";
import { oneSample } from "./sample.js";
import { classes, confusion, confusionRows, worst, worstRows } from "./tables.js";
import { thresholdRow } from "./threshold.js";

const PARTS = ["test", "train", "validation"];
const MAX_POINTS = 2000; // of a part that the view evaluates

/** The pages in the order of the select: whether a frame has the data, and the function that draws the page. */
const PAGES = {
  confusion: { has: (frame) => frame.confusion || frame.confusion_labels, draw: confusion },
  classes: { has: (frame) => frame.per_class, draw: classes },
  roc: { has: (frame) => frame.roc, draw: roc },
  sweep: { has: (frame) => frame.sweep, draw: sweep },
  calibration: { has: (frame) => frame.calibration, draw: calibration },
  residuals: { has: (frame) => frame.residuals, draw: residuals },
  worst: { has: (frame) => frame.worst?.length, draw: worst },
  sample: { has: (frame) => frame.sample, draw: oneSample },
};

export function panel(section, { store }) {
  const set = (changes) => store.set({ resultsOptions: { ...store.get().resultsOptions, ...changes } });
  const page = choice(t("panel.results.page_choice"), (value) => set({ page: value }));
  const shell = panelShell(section, {
    title: t("panel.results.tab"),
    line: "",
    data: () => store.get()["view:results"] ?? {},
    table: () => recordsOf(store.get()["view:results"], page.value),
  });
  const part = choice(t("panel.results.part_choice"), (value) => set({ part: value }));
  const metrics = h("p", { class: "metrics" });
  const threshold = thresholdRow(set, () => store.get().run?.id);
  const attributes = { class: "results-content", tabindex: 0, role: "group" };
  const content = h("div", { ...attributes, "aria-label": t("panel.results.tab") });
  shell.tools.append(page, part);
  shell.body.append(metrics, threshold.element, content);
  const view = { store, page, part, metrics, threshold, content };
  return {
    name: "results", section, moving: true, view,
    needs: [
      "view:results", "resultsOptions", "tracedSample", "points", "theme", "layoutSize", "openTabs", "viewError",
      runConfig, runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

function choice(label, set) {
  const change = () => set(select.value);
  const select = h("select", { class: "select small", "aria-label": label, on: { change } });
  return select;
}

function draw(view, state) {
  const { store, page, part, metrics, threshold, content } = view;
  const selected = { page: null, part: "test", threshold: null, thresholds: null, ...state.resultsOptions };
  const parts = PARTS.filter((name) => state.points?.[name]?.inputs.length);
  setOptions(part, parts.map((name) => [name, t(`panel.shared.part.${name}`)]), selected.part);
  const subscription = subscriptionOf(selected, part.value || "test", state);
  subscribe(store, "results", subscription);
  const frame = withClassTitles(state, state["view:results"]);
  if (!frame || frame.run !== state.run?.id) return showNote(content, state.viewError);
  const pages = Object.keys(PAGES).filter((name) => PAGES[name].has(frame));
  setOptions(page, pages.map((name) => [name, t(`panel.results.page.${name}`)]), selected.page);
  const title = (name) => state.catalogue.metrics.find((metric) => metric.name === name).title;
  const texts = Object.entries(frame.metrics).map(([name, value]) => `${title(name)} ${number(value)}`);
  const positive = frame.positive ? [t("panel.results.positive", { name: frame.positive })] : [];
  metrics.textContent = [partText(frame.part, frame.samples), ...texts, ...positive].join(" · ");
  threshold.show(frame);
  PAGES[page.value]?.draw(content, frame, pageContext(frame, state, store));
}

function showNote(content, error) {
  content.replaceChildren(h("p", { class: "panel-note", text: error?.message ?? t("panel.results.waiting") }));
}

/** The arguments of the pages besides the frame: `show(index)` selects a point, `trace(index)` also opens its trace. */
function pageContext(frame, state, store) {
  const select = (index, extra) =>
    store.set({ tracedSample: { ...state.tracedSample, part: frame.part, index, batch: null, ...extra } });
  return {
    colours: state.colours,
    ordered: (items) => inDisplayOrder(state, items),
    image: state.points?.run === frame.run ? state.points.image : null,
    last: Math.min(frame.samples, state.points?.[frame.part]?.inputs.length ?? 1) - 1,
    show: (index) => select(index, {}),
    trace: (index) => select(index, { asked: performance.now() }),
  };
}

/** The subscription; the outputs shown are those of the traced point if it is among the evaluated points. */
function subscriptionOf({ threshold, thresholds }, part, state) {
  const last = Math.min(MAX_POINTS, state.points?.[part]?.inputs.length ?? 1) - 1;
  const index = state.tracedSample?.part === part ? Math.min(state.tracedSample.index ?? 0, last) : 0;
  const options = { part, index };
  const labels = state.points?.classes?.length;
  const perLabel = thresholds && thresholds.run === state.run?.id && thresholds.values.length === labels;
  if (perLabel) options.thresholds = thresholds.values.join();
  else if (threshold !== null) options.threshold = threshold;
  return { view: "results", options, id: "results" };
}

/** Sets the options of a select, [value, text] each; selects `selected`, or the first. */
function setOptions(select, options, selected) {
  const names = options.map(([value]) => value);
  if (select.dataset.key !== names.join()) {
    select.dataset.key = names.join();
    select.replaceChildren(...options.map(([value, text]) => h("option", { value, text })));
  }
  setProperty(select, "value", names.includes(selected) ? selected : names[0]);
}

/** The shown page as records, for saving. */
function recordsOf(frame, page) {
  if (!frame) return {};
  if (page === "confusion") return confusionRows(frame);
  if (page === "worst") return worstRows(frame);
  if (page === "calibration") return frame.calibration.map(({ edges, ...curve }) => curve);
  return (page === "classes" ? frame.per_class : frame[page]) ?? {};
}
