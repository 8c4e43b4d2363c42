// The changes between two configurations: as the body of a fork, and in words.

import { feature, number } from "../core/formats.js";
import { differences } from "../core/differences.js";
import { getPath } from "../core/store.js";
import { t } from "../core/text.js";
import { nodeAt } from "../studio/form/config-changes.js";
import { patchBody } from "../studio/form/patch-body.js";
import { fieldName } from "../studio/form/rejected-values.js";
import { paradigmOf } from "../studio/problem.js";

/** The changed fields, nested like the configuration; an unchanged layer is {}. */
export function changesBetween(before, after) {
  const paths = differences(before, after);
  return patchBody(paths, after, paths.map((path) => path.replace(/\.\d+(?=\.|$)/g, ".*")));
}

/** Whether trained weights can go on with these changes: not as another paradigm, and not if new ones are wanted. */
export const isContinuable = (before, after) =>
  paradigmOf(before) === paradigmOf(after) && differences(before, after).some((path) => path !== "seed");

/** "Learning rate 0.1, Layer 1: Units 5": the changed settings. Values that the server chooses are left out. */
export function changesInWords(before, after, state) {
  const paths = differences(before, after);
  const set = paths.filter((path) => (getPath(after, path) ?? null) !== null);
  const texts = (set.length ? set : paths).map((path) => settingText(path, getPath(after, path), state));
  return texts.join(", ");
}

function settingText(path, value, { schema, catalogue }) {
  if (path === "layers") return t("branch.setting.layers", { shape: shapeText(value) });
  return t("branch.setting.value", { name: fieldName(path, schema), value: valueText(path, value, schema, catalogue) });
}

const shapeText = (layers) => layers.map(({ units }) => units).join("-") || t("timeline.none");

/** Titles of the catalogue in place of names, formatted numbers, and the words of the form for other values. */
function valueText(path, value, schema, catalogue) {
  if (path === "features" && value) return value.map(feature).join(" ");
  if (typeof value === "number") return number(value);
  if (value === null || value === undefined) return t("timeline.none");
  if (typeof value === "object") return "…";
  const entry = catalogue?.[nodeAt(schema, path).catalogue]?.find?.(({ name }) => name === value);
  return entry?.title ?? t(`form.option.${value}`, {}, String(value));
}
