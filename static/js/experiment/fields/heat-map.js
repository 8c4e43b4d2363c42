// A heat map of two varied fields: in each cell the median of its members and their number.

import { cividis } from "../../core/cividis.js";
import { css } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { DASH, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { textColour } from "../../panels/shared/text-colour.js";
import { metricName } from "../metric-names.js";
import { position } from "../shared/plot.js";
import { labelOf, textOf } from "../variation.js";
import { differingFields } from "./parallel/axes.js";

const FEWEST = 0.5; // members for each cell, below which most cells are empty and there is no heat map

/** The two fields that vary beside seeds, or null where there are not two, or where their pairs are too many. */
export function heatMapFields(experiment) {
  const several = differingFields(experiment);
  for (const { values } of several) values.sort(compare);
  if (several.length !== 2) return null;
  const cells = several[0].values.length * several[1].values.length;
  return experiment.members.length < FEWEST * cells ? null : several;
}

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : 0);

/** The elements: the map with a column for each value of the first field, and its colour bar, maybe logarithmic. */
export function heatMap(experiment, answer, [across, down], isLog) {
  const cellsOf = cells(experiment, answer, across, down);
  const medians = cellsOf.flat().map(({ median }) => median).filter((value) => value !== null);
  const [low, high] = [Math.min(...medians), Math.max(...medians)];
  const log = isLog && low > 0;
  const shade = (value) => cividis(position({ low, high, log }, value));
  const name = (field, value) => textOf(experiment, field.path, value);
  const head = h("tr", {}, h("th", { scope: "col", text: labelOf(experiment, down.path) }),
    across.values.map((value) => h("th", { scope: "col", text: name(across, value) })));
  const rows = down.values.map((value, row) => h("tr", {}, h("th", { scope: "row", text: name(down, value) }),
    cellsOf[row].map((cell) => heatCell(cell, shade))));
  const names = { metric: metricName(answer.metric), field: labelOf(experiment, across.path) };
  const caption = t("experiment.fields.map", names);
  const table = h("table", { class: "heat-map" }, h("thead", {}, head), h("tbody", {}, rows));
  const area = { class: "plot-scroller", tabindex: 0, role: "region", "aria-label": caption };
  const note = h("p", { class: "heat-note", text: caption });
  return [note, h("div", area, table), ...(medians.length ? [colourBar(low, high, log)] : [])];
}

function heatCell({ median, n, of }, shade) {
  const count = h("small", { text: t("experiment.fields.count", { n, of }) });
  if (median === null) return h("td", {}, h("span", { text: DASH }), count);
  const colour = shade(median);
  const style = { background: css(colour), color: textColour(colour) };
  return h("td", { style }, h("span", { text: number(median) }), count);
}

/** Rows of { median, n, of }: of the members with these values, those that have a value. */
function cells(experiment, answer, across, down) {
  const valueOf = new Map(answer.members.map(({ run, value }) => [run, value]));
  const keyOf = (first, second) => JSON.stringify([first, second]);
  const found = new Map();
  for (const { run, values } of experiment.members) {
    if (!valueOf.has(run)) continue;
    const key = keyOf(values[across.path], values[down.path]);
    found.set(key, [...(found.get(key) ?? []), valueOf.get(run)]);
  }
  return down.values.map((second) => across.values.map((first) => {
    const all = found.get(keyOf(first, second)) ?? [];
    const finite = all.filter((value) => value !== null);
    return { median: medianOf(finite), n: finite.length, of: all.length };
  }));
}

export function medianOf(values) {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function colourBar(low, high, log) {
  const stops = Array.from({ length: 9 }, (_, i) => `${css(cividis(i / 8))} ${(i / 8) * 100}%`);
  const bar = h("i", { class: "heat-bar", style: { background: `linear-gradient(90deg, ${stops.join(", ")})` } });
  return h("p", { class: "heat-scale" }, number(low), bar, number(high),
    log && h("span", { text: t("experiment.fields.log_colours") }));
}
