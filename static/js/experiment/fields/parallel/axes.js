// The axes of parallel coordinates: one for each field in which members differ, and the measure at the right.

import { number } from "../../../core/formats.js";
import { t } from "../../../core/text.js";
import { metricName } from "../../metric-names.js";
import { axisOf, position, ticksOf } from "../../shared/plot.js";
import { labelOf, textOf, valuesOf, variedPaths } from "../../variation.js";

export const MEASURE = "value"; // the path of the axis of the measure
const LARGE_RATIO = 20; // of the largest value of a field to its smallest one, above which its axis is logarithmic
const FEW = 6; // values of a field that are all named on its axis

/** The fields that differ, seeds excepted: { path, values }. */
export const differingFields = (experiment) => variedPaths(experiment)
  .filter((path) => !path.endsWith("seed"))
  .map((path) => ({ path, values: valuesOf(experiment, path) }))
  .filter(({ values }) => values.length > 1);

/**
 * The axes: { path, name, isNumber, values, ticks, coordinate(entry), place(coordinate), coordinateAt(place) }.
 * `entry` is { values, value } of a member, its coordinate a number, or the index of its value where the field has no
 * numbers; null without one. Places are from 0, at the lower end, to 1. `values` are [value, text] of a field without
 * numbers, `ticks` [place, text]. `isLog`: whether the axis of the measure is logarithmic.
 */
export function axesOf(experiment, answer, isLog) {
  const fields = differingFields(experiment).map((field) => fieldAxis(experiment, field));
  const values = answer.members.map(({ value }) => value);
  const name = metricName(answer.metric);
  const positive = (value) => (value === null || (isLog && value <= 0) ? null : value);
  return [...fields, numberAxis(MEASURE, name, axisOf(values, isLog, name), ({ value }) => positive(value))];
}

function fieldAxis(experiment, { path, values }) {
  const name = labelOf(experiment, path);
  if (!values.every(Number.isFinite)) return categoryAxis(experiment, path, name, values);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const scale = axisOf(values, low > 0 && high / low >= LARGE_RATIO, name);
  return numberAxis(path, name, scale, (entry) => entry.values[path], values.length <= FEW ? values : null);
}

function numberAxis(path, name, scale, coordinate, few = null) {
  const place = (value) => position(scale, value);
  const { low, high, log } = scale;
  const coordinateAt = (share) => (log ? low * (high / low) ** share : low + (high - low) * share);
  const ticks = (few ?? ticksOf(scale, 5)).map((value) => [place(value), number(value)]);
  const title = log ? t("experiment.log_axis", { metric: name }) : name;
  return { path, name, title, isNumber: true, ticks, coordinate, place, coordinateAt };
}

function categoryAxis(experiment, path, name, values) {
  const indices = new Map(values.map((value, i) => [JSON.stringify(value), i]));
  const place = (index) => (index + 0.5) / values.length;
  const texts = values.map((value) => textOf(experiment, path, value));
  return {
    path, name, title: name, isNumber: false, place,
    values: texts.map((text, i) => [i, text]),
    ticks: texts.map((text, i) => [place(i), text]),
    coordinate: (entry) => indices.get(JSON.stringify(entry.values[path])) ?? null,
    coordinateAt: (share) => share * values.length - 0.5,
  };
}
