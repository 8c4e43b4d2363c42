// What the network is good at and where it errs: confusion, classes, thresholds, calibration, residuals, worst points.

import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { panelShell } from "../shared/panel.js";
import { calibration, residuals, roc, sweep } from "./plots.js";
import { oneSample } from "./sample.js";
import { classes, confusion, confusionRows, worst, worstRows } from "./tables.js";
import { thresholdRow } from "./threshold.js";

const PARTS = ["test", "train", "validation"];
const MOST_JUDGED = 2000; // points of a part
/** What can be shown, in order; each says whether the answer has it and makes the elements. */
const PAGES = {
  confusion: { title: "Confusion", has: (frame) => frame.confusion || frame.confusion_labels, make: confusion },
  classes: { title: "Per class", has: (frame) => frame.per_class, make: classes },
  roc: { title: "ROC", has: (frame) => frame.roc, make: roc },
  sweep: { title: "Thresholds", has: (frame) => frame.sweep, make: sweep },
  calibration: { title: "Calibration", has: (frame) => frame.calibration, make: calibration },
  residuals: { title: "Residuals", has: (frame) => frame.residuals, make: residuals },
  worst: { title: "Worst points", has: (frame) => frame.worst?.length, make: worst },
  sample: { title: "One point", has: (frame) => frame.sample, make: oneSample },
};

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Results", line: "",
    explain: "How good the answers are on one part of the data. Confusion: rows are the true classes, columns what the network says. ROC: how many of a class are found against how many others are taken for it, for every threshold. Calibration: of the answers given with 80 % confidence, 80 % should be right. Worst points: those with the largest loss; click one to trace it. One point: what every output says to it, for softmax the share of each class.",
    data: () => store.get()["view:results"] ?? {},
    table: () => shownOf(store.get()["view:results"], page.value),
  });
  const set = (changes) => store.set({ resultsOptions: { ...store.get().resultsOptions, ...changes } });
  const page = h("select", { class: "select small", "aria-label": "Result shown", on: { change: () => set({ page: page.value }) } });
  const part = h("select", { class: "select small", "aria-label": "Part of the data judged", on: { change: () => set({ part: part.value }) } });
  const metrics = h("p", { class: "metrics" });
  const threshold = thresholdRow(set, () => store.get().run?.id);
  const content = h("div", { class: "results-content", tabindex: 0, role: "region", "aria-label": "Results" });
  shell.tools.append(page, part);
  shell.body.append(metrics, threshold.element, content);
  const view = { store, shell, page, part, metrics, threshold, content };
  return {
    name: "results", section, moving: true, view,
    needs: ["view:results", "resultsOptions", "tracedSample", "points", "theme", "layoutSize", "openTabs", "viewError", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { store, page, part, metrics, threshold, content } = view;
  const chosen = { page: null, part: "test", threshold: null, thresholds: null, ...state.resultsOptions };
  offerParts(part, state.points, chosen.part);
  const subscription = subscriptionOf(chosen, part.value || "test", state);
  if (!same(subscription, state.subscriptions.results)) store.set({ subscriptions: { ...state.subscriptions, results: subscription } });
  const frame = state["view:results"];
  if (frame?.run !== state.run?.id) return content.replaceChildren(h("p", { class: "panel-note", text: state.viewError?.message ?? "Waiting for the first answers." }));
  const there = Object.entries(PAGES).filter(([, each]) => each.has(frame));
  offerPages(page, there, chosen.page);
  metrics.textContent = Object.entries(frame.metrics).map(([name, value]) => `${name.replace(/_/g, " ")} ${number(value)}`).join(" · ");
  threshold.show(frame);
  const look = (index, asked) => store.set({ tracedSample: { ...state.tracedSample, part: frame.part, index, batch: null, ...asked } });
  const last = Math.min(frame.samples, state.points?.[frame.part]?.inputs.length ?? 1) - 1;
  const image = state.points?.run === frame.run ? state.points.image : null;
  PAGES[page.value]?.make(content, frame, { colours: state.colours, image, last, look: (index) => look(index, {}), pick: (index) => look(index, { asked: performance.now() }) });
}

/** The point that is traced is also the one whose answers are shown, as long as it is among those that are judged. */
function subscriptionOf({ threshold, thresholds }, part, state) {
  const last = Math.min(MOST_JUDGED, state.points?.[part]?.inputs.length ?? 1) - 1;
  const index = state.tracedSample?.part === part ? Math.min(state.tracedSample.index ?? 0, last) : 0;
  const labels = state.points?.classes?.length;
  const fits = thresholds?.run === state.run?.id && thresholds?.each.length === labels ? { thresholds: thresholds.each.join() } : null;
  return { view: "results", options: { part, index, ...(fits ?? (threshold === null ? {} : { threshold })) }, id: "results" };
}

function offerParts(select, points, wanted) {
  const names = PARTS.filter((name) => points?.[name]?.inputs.length);
  if (select.dataset.stamp !== names.join()) {
    select.dataset.stamp = names.join();
    select.replaceChildren(...names.map((name) => h("option", { value: name, text: name })));
  }
  select.value = names.includes(wanted) ? wanted : names[0];
}

function offerPages(select, there, wanted) {
  const names = there.map(([name]) => name);
  if (select.dataset.stamp !== names.join()) {
    select.dataset.stamp = names.join();
    select.replaceChildren(...there.map(([name, { title }]) => h("option", { value: name, text: title })));
  }
  select.value = names.includes(wanted) ? wanted : names[0];
}

/** What is shown, as records. */
function shownOf(frame, page) {
  if (!frame) return {};
  if (page === "confusion") return confusionRows(frame);
  if (page === "worst") return worstRows(frame);
  if (page === "calibration") return frame.calibration.map(({ edges, ...curve }) => curve);
  return (page === "classes" ? frame.per_class : frame[page]) ?? {};
}
