// The statistics of each group as a table.

import { h } from "../../core/dom.js";
import { DASH, integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { groupNames } from "../shared/groups.js";

/** The table: number, median, quartiles, interquartile mean with its interval, and the steps to the goal. */
export function groupTable({ experiment, answer }) {
  const reached = answer.goal === null ? null : reachedBy(answer);
  const groups = groupNames(experiment, answer.groups);
  const names = [
    groups.fields ?? t("experiment.results.group"), t("experiment.results.n"), t("experiment.results.diverged"),
    t("experiment.results.median"), t("experiment.results.quartiles"), t("experiment.results.mean"),
    t("experiment.results.interval"),
    ...(reached ? [t("experiment.results.reached"), t("experiment.results.steps")] : []),
  ];
  const cells = (group, i) => [
    integer(group.n), integer(group.diverged), number(group.median), range(group.quartiles),
    number(group.interquartile_mean), range(group.interval),
    ...(reached ? [t("experiment.results.of", reached[i]), stepsText(reached[i].steps)] : []),
  ];
  const head = h("tr", {}, names.map((text) => h("th", { scope: "col", text })));
  const body = answer.groups.map((group, i) => h("tr", {},
    h("th", { scope: "row", text: groups.names[i] }), cells(group, i).map((text) => h("td", { text }))));
  const table = h("table", { class: "plot-table" }, h("thead", {}, head), h("tbody", {}, body));
  return h("div", { class: "plot-scroller", tabindex: 0, role: "region", "aria-label": t("experiment.results.table") },
    table);
}

/** A row of numbers for each group. */
export const rowsOfGroups = (answer, nameOf) => answer.groups.map((group) => ({
  group: nameOf(group), n: group.n, diverged: group.diverged, median: group.median,
  quartile_1: group.quartiles?.[0], quartile_3: group.quartiles?.[1], interquartile_mean: group.interquartile_mean,
  interval_low: group.interval?.[0], interval_high: group.interval?.[1],
}));

const range = (ends) => (ends ? t("experiment.results.range", { low: number(ends[0]), high: number(ends[1]) }) : DASH);
const stepsText = (steps) => (Number.isFinite(steps) ? integer(steps) : t("experiment.results.not_reached"));

/**
 * Of each group the number of members that reached the goal, and their median step; members that did not reach it
 * count as later than all others.
 */
function reachedBy({ groups, members }) {
  const stepOf = new Map(members.map(({ run, reached }) => [run, reached ?? Infinity]));
  return groups.map((group) => {
    const steps = group.members.map((run) => stepOf.get(run) ?? Infinity).sort((a, b) => a - b);
    const middle = (steps.length - 1) / 2;
    const count = steps.filter(Number.isFinite).length;
    const [low, high] = [steps[Math.floor(middle)], steps[Math.ceil(middle)]];
    return { count, of: steps.length, steps: (low + high) / 2 };
  });
}
