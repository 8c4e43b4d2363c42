// The sentences of a finding and of its remedy, composed from their names and parameters.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const LISTS = { activation: "activations", loss: "losses" };

export const findingText = ({ name, parameters }, catalogue) => t(`diagnosis.${name}.finding`, shown(parameters, catalogue));

export const remedyText = ({ name, parameters }, catalogue) => t(`diagnosis.remedy.${name}`, shown(parameters, catalogue));

/** Numbers as people read them, and titles in place of the names of activations and losses. */
function shown(parameters, catalogue) {
  const value = ([key, given]) => [key, LISTS[key] ? title(catalogue, LISTS[key], given) : key === "count" ? given : number(given)];
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== "part").map(value));
}

const title = (catalogue, list, name) => catalogue?.[list]?.find((each) => each.name === name)?.title ?? name;
