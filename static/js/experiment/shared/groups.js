// The groups of members that are equal but for seeds: their names and colours.

import { cividis } from "../../core/cividis.js";
import { CLASSES, classColour, css } from "../../core/colours.js";
import { t } from "../../core/text.js";
import { labelOf, memberLines, textOf } from "../variation.js";

/** The values that a group has in common, with the names of the fields where these are several. */
export function groupName(experiment, { values }) {
  const entries = Object.entries(values);
  if (!entries.length) return t("experiment.group.all");
  if (entries.length > 1) return memberLines(experiment, { values }).join(", ");
  return textOf(experiment, ...entries[0]);
}

/**
 * The names of all groups, which are their values alone, and `fields`, the names of the fields in the same order; null
 * if there is one group of all runs.
 */
export function groupNames(experiment, groups) {
  const paths = Object.keys(groups[0]?.values ?? {});
  if (!paths.length) return { names: groups.map(() => t("experiment.group.all")), fields: null };
  const join = (parts) => parts.join(" · ");
  const names = groups.map(({ values }) => join(paths.map((path) => textOf(experiment, path, values[path]))));
  return { names, fields: join(paths.map((path) => labelOf(experiment, path))) };
}

/** The colour of a group; those of many are in order of a colour map. */
export const groupColour = (index, count) =>
  css(count <= CLASSES.length ? classColour(index) : cividis(0.15 + (0.75 * index) / (count - 1)));
