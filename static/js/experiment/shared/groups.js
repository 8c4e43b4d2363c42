// The groups of members that are equal but for seeds: their names and colours.

import { cividis } from "../../core/cividis.js";
import { CLASSES, classColour, css } from "../../core/colours.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { memberLines, textOf } from "../variation.js";

/** The values that a group has in common: of one varied field the value alone. */
export function groupName(experiment, { values }) {
  const entries = Object.entries(values);
  if (!entries.length) return t("experiment.group.all");
  if (entries.length > 1) return memberLines(experiment, { values }).join(", ");
  const [[path, value]] = entries;
  return typeof value === "number" ? number(value) : textOf(experiment, path, value);
}

/** The colour of a group; those of many are in order of a colour map. */
export const groupColour = (index, count) =>
  css(count <= CLASSES.length ? classColour(index) : cividis(0.15 + (0.75 * index) / (count - 1)));
