// The minima in words, and as a table.

import { h } from "../../core/dom.js";
import { DASH, integer, number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { medianOf } from "../fields/heat-map.js";

/** "24 runs ended in 2 minima: 10 at 0.00282, 14 at 0.348." */
export function headline({ minima }) {
  const list = minima.map(({ members, loss }) =>
    t("experiment.minima.cluster", { runs: integer(members.length), loss: number(loss) })).join(", ");
  const runs = integer(minima.reduce((sum, { members }) => sum + members.length, 0));
  return t("experiment.minima.headline", { count: minima.length, runs, list });
}

/** A row for each minimum: its runs, and the median distance and disagreement within it and to the others. */
export function clusterTable(section) {
  const { answer } = section;
  const names = [
    t("experiment.minima.column.loss"), t("experiment.minima.column.runs"), t("experiment.minima.column.spread"),
    t("experiment.minima.column.within"), t("experiment.minima.column.beyond"),
    t("experiment.minima.column.disagree_within"), t("experiment.minima.column.disagree_beyond"),
  ];
  const rows = answer.minima.map((minimum, i) => {
    const { within, beyond } = pairsOf(section, i);
    const cells = [
      integer(minimum.members.length), number(minimum.spread), middle(within, "weights", number),
      middle(beyond, "weights", number), middle(within, "disagreement", disagreementText(answer)),
      middle(beyond, "disagreement", disagreementText(answer)),
    ];
    const key = h("i", { class: "minima-key", style: { background: colourOf(section, i) } });
    return h("tr", {}, h("th", { scope: "row" }, key, number(minimum.loss)), cells.map((text) => h("td", { text })));
  });
  const head = h("tr", {}, names.map((text) => h("th", { scope: "col", text })));
  const area = { class: "plot-scroller", tabindex: 0, role: "region", "aria-label": t("experiment.minima.table") };
  return h("div", area, h("table", { class: "plot-table" }, h("thead", {}, head), h("tbody", {}, rows)));
}

const colourOf = ({ ends }, minimum) => ends.find((end) => end.minimum === minimum)?.colour ?? "transparent";

/** How a disagreement is written: a share as a percentage, else a number. */
export const disagreementText = ({ distances }) => (distances.measure === "share" ? percent : number);

function middle(pairs, name, text) {
  const values = pairs.map((pair) => pair[name]).filter((value) => value !== null);
  return values.length ? text(medianOf(values)) : DASH;
}

/** The pairs of one minimum, and those of one of its ends with an end of another minimum. */
function pairsOf({ answer: { distances }, ends }, minimum) {
  const found = { within: [], beyond: [] };
  const own = ends.filter((end) => end.minimum === minimum);
  for (const first of own) {
    for (const second of ends) {
      if (second.minimum === minimum && second.index <= first.index) continue;
      const list = second.minimum === minimum ? found.within : found.beyond;
      list.push(pairOf(distances, first, second));
    }
  }
  return found;
}

/** The distance of the weights of two ends, and the disagreement of their predictions. */
export const pairOf = ({ weights, disagreement }, first, second) =>
  ({ weights: weights[first.index][second.index], disagreement: disagreement[first.index][second.index] });
