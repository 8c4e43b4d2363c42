// The sentences of a finding and its remedy, from their names and parameters.

import { number, percentage } from "../../core/formats.js";
import { t } from "../../core/text.js";

const LISTS = { activation: "activations", loss: "losses" };

/** The sentence of findings with the same name, with the ranges of their numbers. */
export function findingText(group, catalogue) {
  const texts = group.map(({ parameters }) => formatted(parameters, catalogue));
  const pairs = (key) => group.map(({ parameters }, i) => [parameters[key], texts[i][key]]);
  const values = Object.fromEntries(Object.keys(texts[0]).map((key) => [key, range(pairs(key))]));
  return t(`diagnosis.${group[0].name}.finding`, values, group[0].rule);
}

/** "0.91 to 0.99" of the [value, text] with the smallest and the largest value; one text if both are the same. */
export function range(pairs) {
  const [[, low], [, high]] = [(a, b) => a < b, (a, b) => a > b]
    .map((before) => pairs.reduce((found, pair) => (before(pair[0], found[0]) ? pair : found)));
  return low === high ? low : t("panel.layer_health.range", { low, high });
}

export const remedyText = ({ name, parameters, text }, catalogue) =>
  t(`diagnosis.remedy.${name}`, formatted(parameters, catalogue), text);

/** Formatted numbers, and the titles of activations and losses. */
export function formatted(parameters, catalogue) {
  const format = (key, value) => {
    if (LISTS[key]) return title(catalogue, LISTS[key], value);
    if (key === "part") return t(`panel.shared.part.${value}`);
    if (key.endsWith("_percent")) return percentage(value);
    return key === "count" ? value : number(value);
  };
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, format(key, value)]));
}

const title = (catalogue, list, name) => catalogue?.[list]?.find((entry) => entry.name === name)?.title ?? name;
