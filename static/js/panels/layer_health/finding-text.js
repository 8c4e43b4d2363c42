// The sentences of a finding and its remedy, from their names and parameters.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const LISTS = { activation: "activations", loss: "losses" };

export const findingText = ({ name, parameters }, catalogue) =>
  t(`diagnosis.${name}.finding`, formatted(parameters, catalogue));

export const remedyText = ({ name, parameters }, catalogue) =>
  t(`diagnosis.remedy.${name}`, formatted(parameters, catalogue));

/** Formatted numbers, and the titles of activations and losses. */
function formatted(parameters, catalogue) {
  const format = (key, value) => {
    if (LISTS[key]) return title(catalogue, LISTS[key], value);
    return key === "count" ? value : number(value);
  };
  const entries = Object.entries(parameters).filter(([key]) => key !== "part");
  return Object.fromEntries(entries.map(([key, value]) => [key, format(key, value)]));
}

const title = (catalogue, list, name) => catalogue?.[list]?.find((entry) => entry.name === name)?.title ?? name;
