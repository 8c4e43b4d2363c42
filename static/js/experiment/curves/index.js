// The curves of all members: thin lines, and the median and the middle half of each group.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { choice, metricChoice, savingButtons, scaleChoice } from "../shared/controls.js";
import { groupColour, groupName, groupNames } from "../shared/groups.js";
import { refreshing } from "../shared/refreshing.js";
import { draw } from "./drawing.js";
import { followPointer } from "./pointer.js";

/** Shows the curves in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const section = { experiment, element, answer: null, hidden: new Set(), hovered: null, drawn: null };
  section.note = h("p", { class: "plot-note", role: "status" });
  section.canvas = h("canvas", { role: "img" });
  section.legend = h("ul", { class: "plot-legend" });
  section.fields = h("p", { class: "plot-note", hidden: true });
  section.metric = metricChoice(() => reader.now());
  section.axis = choice(t("experiment.curves.axis"), AXES(), () => changeAxis(section, reader));
  section.scale = scaleChoice(t("experiment.scale"), () => redraw(section));
  const box = h("div", { class: "plot-box curves-plot" }, section.canvas);
  const { metric, axis, scale } = section;
  const saving = savingButtons(t("experiment.section.curves"), () => element, () => rowsOf(section));
  element.append(h("div", { class: "plot-tools" }, metric.element, axis.element, scale.element, saving), box,
    section.fields, section.legend, section.note);
  const read = () => api.experimentCurves(experiment.id, { metric: metric.value(), by: byOf(axis) });
  const reader = refreshing(experiment, read, (answer) => show(section, answer),
    (message) => setText(section.note, message), { element });
  const resize = () => redraw(section);
  addEventListener("resize", resize);
  const ends = [reader.end, followPointer(section), experiment.subscribe(() => followHovered(section)),
    () => removeEventListener("resize", resize)];
  return { destroy: () => ends.forEach((end) => end()) };
}

const AXES = () => ["step", "epoch", "seconds"].map((name) => [name, t(`experiment.curves.${name}`)]);

/** The curves at common times are another answer; an epoch follows from the step. */
const byOf = (axis) => (axis.value() === "seconds" ? "seconds" : "step");

const changeAxis = (section, reader) =>
  (section.answer?.by === byOf(section.axis) ? redraw(section) : reader.now());

function show(section, answer) {
  section.answer = answer;
  section.metric.show(answer);
  setText(section.note, noteOf(answer));
  redraw(section);
}

function noteOf({ by, step, seconds, untimed }) {
  const isTimed = by === "seconds";
  return [
    (step ?? seconds).length ? t("experiment.curves.explain") : t("experiment.no_values"),
    isTimed ? t("experiment.curves.explain_seconds") : "",
    isTimed && untimed.length ? t("experiment.curves.untimed", { count: untimed.length }) : "",
  ].filter(Boolean).join(" ");
}

function followHovered(section) {
  if (section.hovered === section.experiment.hovered) return;
  section.hovered = section.experiment.hovered;
  redraw(section);
}

function redraw(section) {
  if (!section.answer) return;
  section.drawn = draw(section);
  showLegend(section);
}

/** The groups with their numbers; a click hides or shows one. */
function showLegend(section) {
  const { experiment, answer, hidden, legend } = section;
  const { names, fields } = groupNames(experiment, answer.groups);
  setText(section.fields, fields ?? "");
  section.fields.hidden = !fields;
  const entries = answer.groups.map((group, i) => [i, names[i], ending(group)]);
  const key = JSON.stringify(entries);
  if (legend.dataset.key === key) return;
  legend.dataset.key = key;
  legend.replaceChildren(...entries.map(([i, name, end]) => {
    const click = ({ currentTarget }) => {
      if (!hidden.delete(i)) hidden.add(i);
      currentTarget.setAttribute("aria-pressed", String(!hidden.has(i)));
      redraw(section);
    };
    const style = { "border-top": `3px solid ${groupColour(i, entries.length)}` };
    const text = groupText(name, end);
    const pressed = String(!hidden.has(i));
    return h("li", {}, h("button", { type: "button", class: "plot-group", "aria-pressed": pressed, on: { click } },
      h("i", { class: "line-key", style }), text));
  }));
}

const groupText = (name, { of, n, median, low, high }) => (of > 1
  ? t("experiment.curves.group", { name, n, median, low, high }) : t("experiment.curves.one", { name, value: median }));

/** The statistics of a group at the last step at which it has any. */
function ending({ n, low, median, high, members }) {
  const last = median.findLastIndex((value) => value !== null);
  const [a, b, c] = [low, median, high].map((values) => number(values[last]));
  return { n: last < 0 ? 0 : n[last], of: members.length, low: a, median: b, high: c };
}

/** A row for each step and group. */
const rowsOf = ({ experiment, answer }) => (answer?.groups ?? []).flatMap((group) =>
  (answer.step ?? answer.seconds).map((place, i) => ({
    ...(Object.keys(group.values).length ? group.values : { group: groupName(experiment, group) }),
    [answer.by]: place, epoch: group.epoch[i], n: group.n[i], median: group.median[i], quartile_1: group.low[i],
    quartile_3: group.high[i],
  })));
