// The picture of the curves: bands, thin lines of the members, medians, and the member under the pointer.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { line } from "../../panels/shared/chart.js";
import { metricName } from "../metric-names.js";
import { axisOf, plot } from "../shared/plot.js";
import { groupColour, groupNames } from "../shared/groups.js";

const OPACITIES = [[12, 0.7], [60, 0.38], [Infinity, 0.16]]; // of the lines of at most so many members

/** Draws the curves; returns { area, toX, toY, lines } or null. `lines`: { run, xs, values, group } of each member. */
export function draw(section) {
  const { canvas, answer, hidden, scale, axis, experiment, hovered } = section;
  const groups = answer.groups.map((group, i) => ({
    ...group, xs: placesOf(answer, group, axis.value()), colour: groupColour(i, answer.groups.length),
  }));
  const shown = groups.filter((_, i) => !hidden.has(i));
  const lines = linesOf(answer, shown);
  const xs = shown.flatMap((group) => group.xs);
  const log = scale.isLog(lines.map(({ values }) => values));
  const drawn = plot(canvas, {
    x: { low: 0, high: xs.reduce((high, value) => Math.max(high, value ?? 0), 0) || 1, name: xName(answer, axis) },
    y: axisOf(lines.flatMap(({ values }) => values), log, metricName(answer.metric)),
    label: describe(experiment, answer, log),
    marks: (context, toX, toY, _, colours) => {
      shown.forEach((group) => band(context, group, toX, toY, log));
      drawLines(context, { shown, lines, log, hovered }, toX, toY, colours);
    },
  });
  return drawn && { ...drawn, lines };
}

/** The members, thin; the medians, thick; above them the member under the pointer. */
function drawLines(context, { shown, lines, log, hovered }, toX, toY, colours) {
  const inside = (values) => values.map((value) => (value === null || (log && value <= 0) ? NaN : value));
  const add = ({ xs }, values, colour, width) => line(context, xs, inside(values), toX, toY, { colour, width });
  context.globalAlpha = OPACITIES.find(([most]) => lines.length <= most)[1];
  for (const each of lines) add(each, each.values, each.group.colour, 1);
  context.globalAlpha = 1;
  for (const group of shown) if (group.members.length > 1) add(group, group.median, group.colour, 2.6);
  const one = lines.find(({ run }) => run === hovered);
  if (one) add(one, one.values, colours.strong, 3);
}

const xName = ({ by }, axis) => t(`experiment.curves.${by === "step" && axis.value() === "epoch" ? "epoch" : by}`);

/** The steps, epochs or seconds of the values of a group. */
const placesOf = ({ by, step, seconds }, { epoch }, axis) =>
  (by === "seconds" ? seconds : axis === "epoch" ? epoch : step);

function linesOf({ members }, groups) {
  const groupOf = new Map(groups.flatMap((group) => group.members.map((run) => [run, group])));
  return members.filter(({ run }) => groupOf.has(run)).map(({ run, values }) => {
    const group = groupOf.get(run);
    return { run, values, group, xs: group.xs };
  });
}

/** The area between the quartiles. */
function band(context, { xs, low, high, n, colour }, toX, toY, log) {
  const places = xs.map((_, i) => i).filter((i) => n[i] > 1 && low[i] !== null && (!log || low[i] > 0));
  context.beginPath();
  for (const i of places) context.lineTo(toX(xs[i]), toY(low[i]));
  for (const i of places.reverse()) context.lineTo(toX(xs[i]), toY(high[i]));
  context.globalAlpha = 0.2;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}

/** The last median of each group as text. */
function describe(experiment, { groups, metric }, log) {
  const { names } = groupNames(experiment, groups);
  const parts = groups.map((group, i) => {
    const median = number(group.median.findLast((value) => value !== null));
    return t("experiment.curves.description", { name: names[i], median, n: group.members.length });
  });
  const name = metricName(metric);
  return `${log ? t("experiment.log_axis", { metric: name }) : name}. ${parts.join("; ")}`;
}
