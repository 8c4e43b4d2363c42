// The distribution of what the members reached: a dot for each one, and the interquartile mean with its interval.

import { listen } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { LARGE, shortenNames } from "../../panels/shared/axes.js";
import { dot } from "../../panels/shared/chart.js";
import { metricName } from "../metric-names.js";
import { groupColour, groupNames } from "../shared/groups.js";
import { axisOf, plot } from "../shared/plot.js";
import { memberName } from "../variation.js";

const ROW = 44 * LARGE; // pixels for each group
const MAX_ROWS = 24; // groups, above which all members are in one row
const ROW_OF_ALL = 150 * LARGE;
const REACH = 10; // pixels

/** Draws it; returns { dots } or null: { run, x, y, value } of what is drawn, in pixels of the canvas. */
export function drawDistribution({ canvas, box, answer, experiment, scale, hovered }) {
  const rows = rowsOf(experiment, answer);
  const height = rows.length === 1 ? ROW_OF_ALL : rows.length * ROW;
  box.style.height = `${height + 62 * LARGE}px`;
  const log = scale.isLog(answer.members.map(({ value }) => [value]));
  const left = Math.min(190 * LARGE, box.clientWidth * 0.32);
  const context = canvas.getContext("2d");
  const names = shortenNames(context, rows.map(({ name }) => name), left - 12);
  const dots = [];
  const drawn = plot(canvas, {
    left,
    x: axisOf(answer.members.map(({ value }) => value), log, metricName(answer.metric)),
    y: { low: rows.length, high: 0, labels: rows.map((_, i) => [i + 0.5, names[i]]), name: rows[0]?.fields },
    label: rows.map(({ text }) => text).join("; "),
    marks: (_, toX, toY, area, colours) => rows.forEach((row, i) => {
      const [middle, spread] = [toY(i + 0.5), (area.height / rows.length) * 0.3];
      drawInterval(context, row, toX, middle, spread, colours);
      row.members.forEach((member, k) => {
        if (member.value === null || (log && member.value <= 0)) return;
        const place = { ...member, x: toX(member.value), y: middle + spread * offset(k) };
        dots.push(place);
        dot(context, place.x, place.y, member.run === hovered ? 7 : 4, row.colour, colours.panel);
      });
    }),
  });
  return drawn && { dots };
}

/** Places above and below the middle, -1 to 1, that differ of neighbours. */
const offset = (k) => ((k * 0.618034) % 1) * 2 - 1;

/** Each group in a row; of many groups all members in one. */
function rowsOf(experiment, answer) {
  const valueOf = new Map(answer.members.map((member) => [member.run, member]));
  const { groups } = answer;
  if (groups.length > MAX_ROWS || (groups.length > 1 && groups.every(({ members }) => members.length === 1))) {
    const name = t("experiment.group.all");
    const text = t("experiment.results.single_members", { count: answer.members.length });
    return [{ name, text, members: answer.members, colour: groupColour(0, 1), mean: null, interval: null }];
  }
  const { names, fields } = groupNames(experiment, groups);
  return groups.map((group, i) => ({
    name: names[i],
    fields,
    text: describe(names[i], group),
    members: group.members.map((run) => valueOf.get(run)).filter(Boolean),
    colour: groupColour(i, groups.length),
    mean: group.n > 1 ? group.interquartile_mean : null,
    interval: group.interval,
  }));
}

const describe = (name, group) => t("experiment.results.description", {
  name, n: group.n, mean: number(group.interquartile_mean),
  low: number(group.interval?.[0]), high: number(group.interval?.[1]),
});

/** The interval as a bar, the interquartile mean as a line across the row. */
function drawInterval(context, { mean, interval }, toX, middle, spread, colours) {
  if (mean === null) return;
  context.fillStyle = colours.text;
  if (interval) {
    const [low, high] = interval.map(toX);
    context.globalAlpha = 0.16;
    context.fillRect(low, middle - spread * 1.4, Math.max(1, high - low), spread * 2.8);
    context.globalAlpha = 1;
  }
  context.fillRect(toX(mean) - 1, middle - spread * 1.4, 2, spread * 2.8);
}

/** Emphasises the member whose dot is under the pointer in all sections; returns a function that ends it. */
export function followDots(section) {
  const { canvas, experiment } = section;
  const leave = () => {
    hideTooltip();
    experiment.hover(null);
  };
  const move = (event) => {
    const far = ({ x, y }) => Math.hypot(x - event.offsetX, y - event.offsetY);
    const found = (section.drawn?.dots ?? []).reduce((best, each) => (far(each) < far(best) ? each : best), NOWHERE);
    if (far(found) > REACH) return leave();
    experiment.hover(found.run);
    const member = experiment.members.find(({ run }) => run === found.run);
    const values = { name: memberName(experiment, member), value: number(found.value), step: number(found.step) };
    return showTooltip(event, t("experiment.results.dot", values));
  };
  const ends = [listen(canvas, "pointermove", move), listen(canvas, "pointerleave", leave)];
  return () => ends.forEach((end) => end());
}

const NOWHERE = { x: Infinity, y: Infinity };
