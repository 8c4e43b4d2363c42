// The varied fields of an experiment in words.

import { number } from "../core/formats.js";
import { t } from "../core/text.js";
import { settingLabel, settingText } from "../reference/setting-names.js";
import { nodeAt } from "../studio/form/config-changes.js";

/** The paths of the varied fields. */
export const variedPaths = ({ detail }) => Object.keys(detail.vary);

/** The label of a field of the configuration, as the form has it. */
export const labelOf = ({ schema }, path) => settingLabel(schema, path);

/** The value of a field as text; a number with three digits. */
export function textOf(experiment, path, value) {
  if (typeof value === "number") return number(value);
  const { schema, catalogue } = experiment;
  return settingText({ schema, catalogue }, path, path === "layers" ? namedLayers(experiment, value) : value);
}

/** Layers with the activation that they have by default, where members differ in activations. */
function namedLayers(experiment, layers) {
  const usual = nodeAt(experiment.schema, "layers.0.activation").default;
  const activations = valuesOf(experiment, "layers").flat().map(({ activation }) => activation ?? usual);
  const isSame = new Set(activations).size <= 1;
  return layers.map(({ units, activation }) => ({ units, activation: activation ?? (isSame ? null : usual) }));
}

/** The different values of a field that the members have, in the order of the members. */
export function valuesOf({ members }, path) {
  const values = new Map(members.map(({ values }) => [JSON.stringify(values[path]), values[path]]));
  return [...values.values()];
}

/** "24 seeds", "Learning rate: 8 values" for several fields joined: the title of an experiment without a name. */
export function describeVariation(experiment) {
  return variedPaths(experiment).map((path) => {
    const count = valuesOf(experiment, path).length;
    return t("experiment.varied", { field: labelOf(experiment, path), count });
  }).join(" × ");
}

/** "0.001 to 1", or the values where there are few. */
export function valuesText(experiment, path) {
  const values = valuesOf(experiment, path);
  if (values.length <= 4) {
    const separator = path === "layers" ? " · " : ", "; // the layers of a network are separated by commas
    return values.map((value) => textOf(experiment, path, value)).join(separator);
  }
  if (!values.every(Number.isFinite)) return t("experiment.values", { count: values.length });
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => number(value));
  return t("experiment.range", { low, high, count: values.length });
}

/** What a member differs in, a line for each field: "Learning rate 0.1". */
export const memberLines = (experiment, { values }) => Object.entries(values).map(([path, value]) =>
  t("experiment.value", { field: labelOf(experiment, path), value: textOf(experiment, path, value) }));

/** The same in one line. */
export const memberName = (experiment, member) => memberLines(experiment, member).join(", ");
