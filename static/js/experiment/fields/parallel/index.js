// Parallel coordinates: every member as a line through its values and what it reached; ranges and the best of them
// choose members.

import { h, setText } from "../../../core/dom.js";
import { integer, number } from "../../../core/formats.js";
import { t } from "../../../core/text.js";
import { hideTooltip, showTooltip } from "../../../core/tooltip.js";
import { memberName } from "../../variation.js";
import { MEASURE, axesOf, differingFields } from "./axes.js";
import { followBrush } from "./brushing.js";
import { chosenRuns } from "./chosen.js";
import { drawParallel } from "./drawing.js";
import { createRanges } from "./ranges.js";

const AXIS_WIDTH = 92; // the least space between two axes in pixels

/** Whether there are enough fields: with one the distribution shows more. */
export const hasParallel = (experiment) => differingFields(experiment).length > 1;

/**
 * Returns { element, show(answer, isLog), chosen(), emphasise(), destroy() }; `chosen` are the ids of the chosen
 * members, null for all. `changed()` is called when others are chosen.
 */
export function createParallel(experiment, changed) {
  const view = { experiment, ranges: new Map(), best: null, answer: null, axes: [], entries: [], drawn: null };
  view.canvas = h("canvas", { role: "img" });
  view.box = h("div", { class: "plot-box parallel-plot" }, view.canvas);
  view.top = topInput((best) => choose(view, { best }, changed));
  view.status = h("p", { class: "plot-note", role: "status" });
  view.clear = h("button", {
    type: "button", class: "button small", text: t("experiment.parallel.clear"), hidden: true,
    on: { click: () => choose(view, { best: null, ranges: new Map() }, changed) },
  });
  view.fields = h("div", {});
  view.change = (path, range) => choose(view, { ranges: withRange(view.ranges, path, range) }, changed);
  const hover = (run, event) => point(view, run, event);
  const end = followBrush(view.canvas, () => view, { choose: view.change, hover });
  return {
    element: elementOf(view),
    show: (answer, isLog) => show(view, answer, isLog),
    chosen: () => chosenRuns(view),
    emphasise: () => view.answer && draw(view),
    destroy: end,
  };
}

function elementOf({ top, clear, status, box, fields }) {
  const label = t("experiment.parallel.title");
  return h("div", { class: "parallel" }, h("div", { class: "plot-tools" }, top.element, clear, status),
    h("div", { class: "parallel-scroller", tabindex: 0, role: "group", "aria-label": label }, box),
    h("p", { class: "plot-note", text: t("experiment.parallel.help") }), fields);
}

/** The number of the best members that are shown; empty: all. */
function topInput(change) {
  const input = h("input", {
    type: "number", min: 1, step: 1, class: "number goal-number",
    on: { change: () => change(input.value === "" ? null : Math.max(1, Math.round(Number(input.value)))) },
  });
  const show = (best) => {
    if (document.activeElement !== input) input.value = best ?? "";
  };
  return { element: h("label", { class: "plot-choice" }, t("experiment.parallel.best"), " ", input), show };
}

function withRange(ranges, path, range) {
  const next = new Map(ranges);
  if (range) next.set(path, range);
  else next.delete(path);
  return next;
}

function choose(view, choice, changed) {
  Object.assign(view, choice);
  if (view.answer) draw(view);
  changed();
}

function show(view, answer, isLog) {
  const { experiment } = view;
  const values = new Map(experiment.members.map((member) => [member.run, member.values]));
  if (view.answer && view.answer.metric !== answer.metric) view.ranges = withRange(view.ranges, MEASURE, null);
  view.answer = answer;
  view.axes = axesOf(experiment, answer, isLog);
  view.entries = answer.members.filter(({ run }) => values.has(run))
    .map(({ run, value }) => ({ run, value, values: values.get(run) }));
  view.box.style.minWidth = `${AXIS_WIDTH * view.axes.length}px`;
  const key = view.axes.map(({ name }) => name).join();
  if (view.key !== key) {
    view.key = key;
    view.inputs = createRanges(view.axes, view.change);
    view.fields.replaceChildren(view.inputs.element);
  }
  draw(view);
}

function draw(view) {
  const { experiment, canvas, axes, entries, ranges, best } = view;
  const chosen = chosenRuns(view);
  const titles = axes.map(({ title }) => title).join(", ");
  const counts = { count: chosen?.size ?? entries.length, total: integer(entries.length) };
  const label = t("experiment.parallel.label", { ...counts, titles });
  view.drawn = drawParallel(canvas, { axes, entries, ranges, chosen, hovered: experiment.hovered, label });
  view.inputs.show(ranges);
  view.top.show(best);
  view.clear.hidden = !chosen;
  setText(view.status, chosen ? t("experiment.parallel.chosen", counts) : "");
}

/** Emphasises the member under the pointer in all sections. */
function point({ experiment, answer }, run, event) {
  experiment.hover(run);
  if (!run) return hideTooltip();
  const member = experiment.members.find((each) => each.run === run);
  const value = number(answer.members.find((each) => each.run === run)?.value);
  return showTooltip(event, t("experiment.parallel.at", { name: memberName(experiment, member), value }));
}
