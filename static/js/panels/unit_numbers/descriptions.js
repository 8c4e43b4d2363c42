// The numbers of a unit and of a weight as text: bias, weights, outputs, gradients.

import { feature, integer, number, words } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { unitName } from "../../studio/units.js";
import { pointName } from "../shared/points.js";

const MAX_WEIGHTS = 8; // in the tooltip

/** The frame of the view `numbers`, if it is about this unit of this run. */
export function numbersFor(state, { layer, unit }) {
  const frame = state["view:numbers"];
  return frame?.run === state.run?.id && frame.layer === layer && frame.unit === unit ? frame : null;
}

/** A layer of the network view. */
export const partOf = (state, layer) =>
  state["view:network"]?.layers.find((part, index) => (part.index ?? index) === layer);

/** The name of an input of a layer; `features` are the names of the network's inputs. */
export function sourceName(layer, source, features) {
  if (layer > 0) return t("panel.unit_numbers.source.unit", { index: source + 1 });
  const name = features?.[source];
  return name ? feature(name) : t("panel.unit_numbers.source.input", { index: source + 1 });
}

export const edgeName = (state, { layer, unit, source }) =>
  `${unitName(state, { layer: layer - 1, unit: source })} → ${unitName(state, { layer, unit })}`;

/** A unit's numbers, line by line, or null where they are not known. */
export function unitText(state, chosen) {
  const part = partOf(state, chosen.layer);
  if (!part || chosen.unit >= part.biases.length) return null;
  const numbers = numbersFor(state, chosen);
  const title = `${unitName(state, chosen)} · ${words(part.activation).toLowerCase()}`;
  const bias = t("panel.unit_numbers.bias", { value: number(part.biases[chosen.unit]) });
  return [
    title, bias + gradientText(numbers?.bias_gradient), ...weightTexts(state, chosen, part, numbers),
    ...(numbers ? outputTexts(numbers) : []),
  ].join("\n");
}

const gradientText = (value) =>
  value === undefined ? "" : `, ${t("panel.unit_numbers.gradient", { value: number(value) })}`;

function weightTexts(state, { layer, unit }, { weights }, numbers) {
  const [count, units] = weights.shape;
  const total = numbers ? numbers.weights.length + numbers.omitted_sources : count;
  const shown = Math.min(count, MAX_WEIGHTS);
  const lines = Array.from({ length: shown }, (_, i) => {
    const name = sourceName(layer, i, state.points?.features);
    const text = t("panel.unit_numbers.weight_from", { name, value: number(weights[i * units + unit]) });
    return text + gradientText(numbers?.weight_gradients[i]);
  });
  if (total <= MAX_WEIGHTS) return lines;
  const rest = total - shown;
  return [...lines, t("panel.unit_numbers.more_weights", { count: rest, number: integer(rest) })];
}

/** What a unit computes for one point, and the range over the training points. */
export function outputTexts({ point, output, delta, samples }) {
  const value = { z: number(point.z), a: number(point.a), delta: number(point.delta) };
  const range = ({ low, high, mean }) => ({ low: number(low), high: number(high), mean: number(mean) });
  return [
    t("panel.unit_numbers.output", { ...value, point: pointName(point.part, point.index) }),
    t("panel.unit_numbers.output_range", { count: samples, number: integer(samples), ...range(output) }),
    t("panel.unit_numbers.delta_range", range(delta)),
  ];
}

/** A weight's numbers: its value, its gradient, and what it contributes for one point. */
export function edgeText(state, { layer, unit, source }) {
  const part = partOf(state, layer);
  if (!part || source >= part.weights.shape[0] || unit >= part.weights.shape[1]) return null;
  const value = number(part.weights[source * part.weights.shape[1] + unit]);
  const frozen = state.parameters?.layers[layer]?.frozen?.[source]?.[unit];
  const weight = frozen
    ? t("panel.unit_numbers.frozen_weight", { value })
    : t("panel.unit_numbers.weight", { value });
  const numbers = numbersFor(state, { layer, unit });
  const lines = [edgeName(state, { layer, unit, source }), weight];
  if (numbers && source < numbers.weights.length) lines.push(...contributionTexts(numbers, source));
  return lines.join("\n");
}

function contributionTexts({ weights, weight_gradients, point }, source) {
  const input = point.inputs[source];
  const values = {
    input: number(input),
    product: number(weights[source] * input),
    gradient: number(point.weight_gradients[source]),
  };
  return [
    t("panel.unit_numbers.gradient", { value: number(weight_gradients[source]) }),
    t("panel.unit_numbers.contribution", { ...values, point: pointName(point.part, point.index) }),
  ];
}
