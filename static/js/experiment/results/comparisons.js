// Which group is better, in words: the best group against every other one, and all pairs on request.

import { h } from "../../core/dom.js";
import { percentage } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { groupNames } from "../shared/groups.js";

/** The elements; none where no pair can be compared. */
export function comparisons({ experiment, answer }) {
  const { groups, pairs, higher_is_better: isHigherBetter } = answer;
  if (!pairs.length) return [];
  const best = bestGroup(groups, isHigherBetter);
  const { names, fields } = groupNames(experiment, groups);
  const title = fields ? t("experiment.results.comparisons_of", { fields }) : t("experiment.results.comparisons");
  const sentence = (pair) => h("li", { text: sentenceOf(names, pair) });
  const ofBest = pairs.filter((pair) => pair.groups.includes(best));
  const others = pairs.filter((pair) => !pair.groups.includes(best));
  const rest = others.length > 0 && h("details", {},
    h("summary", { text: t("experiment.results.other_pairs", { count: others.length }) }),
    h("ul", {}, others.map(sentence)));
  return [h("div", { class: "results-pairs" }, h("h3", { text: title }),
    h("ul", {}, ofBest.map(sentence)), rest, h("p", { class: "plot-note", text: t("experiment.results.pairs_help") }))];
}

function bestGroup(groups, isHigherBetter) {
  const rank = ({ interquartile_mean: mean }) => (mean === null ? -Infinity : isHigherBetter ? mean : -mean);
  return groups.reduce((best, group, i) => (rank(group) > rank(groups[best]) ? i : best), 0);
}

/** The group that is more often better comes first. */
function sentenceOf(names, { groups: pair, probability, interval }) {
  const swapped = probability < 0.5;
  const [first, second] = swapped ? [...pair].reverse() : pair;
  const shares = swapped ? [1 - probability, 1 - interval[1], 1 - interval[0]] : [probability, ...interval];
  const [share, low, high] = shares.map((value) => percentage(Math.round(value * 100)));
  return t("experiment.results.beats", { first: names[first], second: names[second], share, low, high });
}
