// What the members reached: their distribution, the statistics of each group, comparisons, and the time to a goal.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { instantChoice, metricChoice, savingButtons, scaleChoice } from "../shared/controls.js";
import { groupName } from "../shared/groups.js";
import { refreshing } from "../shared/refreshing.js";
import { comparisons } from "./comparisons.js";
import { drawDistribution, followDots } from "./distribution.js";
import { groupTable, rowsOfGroups } from "./group-table.js";

const FEW = 8; // runs of a group, below which a bootstrap interval is clearly too narrow (tests measure how often)

/** Shows the results in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const section = { experiment, answer: null, canvas: h("canvas", { role: "img" }), hovered: null, drawn: null };
  section.metric = metricChoice(() => reader.now());
  section.at = instantChoice(() => reader.now());
  section.scale = scaleChoice(t("experiment.scale"), () => redraw(section));
  section.goal = goalInput(() => reader.now());
  section.note = h("p", { class: "plot-note", role: "status" });
  section.box = h("div", { class: "plot-box" }, section.canvas);
  section.tables = h("div", { class: "results-tables" });
  const { metric, at, scale, goal } = section;
  const rows = () => rowsOfMembers(section);
  const saving = savingButtons(t("experiment.section.results"), () => element, rows);
  element.append(h("div", { class: "plot-tools" }, metric.element, at.element, scale.element, goal.element, saving),
    section.box, section.note, section.tables);
  const read = () =>
    api.experimentSummary(experiment.id, { metric: metric.value(), at: at.value(), goal: goal.value() });
  const reader = refreshing(experiment, read, (answer) => show(section, answer),
    (message) => setText(section.note, message), { element });
  const resize = () => redraw(section);
  addEventListener("resize", resize);
  const ends = [reader.end, followDots(section), experiment.subscribe(() => followHovered(section)),
    () => removeEventListener("resize", resize)];
  return { destroy: () => ends.forEach((end) => end()) };
}

/** The value that members should reach: { element, value() }; null while there is none. */
function goalInput(change) {
  const input = h("input", { type: "number", step: "any", class: "number goal-number", on: { change } });
  const element = h("label", { class: "plot-choice" }, t("experiment.results.goal"), " ", input);
  return { element, value: () => (input.value === "" ? null : input.value) };
}

function show(section, answer) {
  section.answer = answer;
  section.metric.show(answer);
  setText(section.note, explanation(answer));
  redraw(section);
  const key = JSON.stringify(answer);
  if (section.key === key) return;
  section.key = key;
  section.tables.replaceChildren(groupTable(section), ...comparisons(section));
}

function explanation({ members, groups, metric, same_loss: hasSameLoss }) {
  if (members.every(({ value }) => value === null)) return t("experiment.no_values");
  const hasFew = groups.some(({ n, interval }) => interval && n < FEW);
  const areDifferent = metric.endsWith("_loss") && !hasSameLoss;
  return [
    t("experiment.results.explain"), hasFew && t("experiment.results.few"),
    areDifferent && t("experiment.results.other_losses"),
  ].filter(Boolean).join(" ");
}

function followHovered(section) {
  if (section.hovered === section.experiment.hovered) return;
  section.hovered = section.experiment.hovered;
  redraw(section);
}

const redraw = (section) => {
  if (section.answer) section.drawn = drawDistribution(section);
};

/** A row for each member, and for each group its statistics. */
function rowsOfMembers({ experiment, answer }) {
  if (!answer) return [];
  const values = new Map(experiment.members.map((member) => [member.run, member]));
  const members = answer.members.map(({ run, value, step, reached }) => ({
    ...values.get(run)?.values, run, [answer.metric]: value, step, ...(answer.goal === null ? {} : { reached }),
  }));
  return [...members, ...rowsOfGroups(answer, (group) => groupName(experiment, group))];
}
