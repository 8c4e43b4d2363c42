// The numbers of a unit and of a weight as text: bias, weights, outputs, gradients.

import { feature, integer, number, words } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { unitName } from "../../studio/units.js";
import { valueOf } from "../../studio/weight-edits.js";
import { pointName } from "../shared/one-point.js";

const MAX_WEIGHTS = 8; // in the tooltip

/** The frame of the view `numbers` for a unit of the current run, or null. */
export function numbersFor(state, { layer, unit }) {
  const frame = state["view:numbers"];
  return frame?.run === state.run?.id && frame.layer === layer && frame.unit === unit ? frame : null;
}

/** The data of a layer from the network view. */
export const layerOf = (state, layer) =>
  state["view:network"]?.layers.find((data, index) => (data.index ?? index) === layer);

/** The name of an input of a layer; `features` are the names of the network's inputs. */
export function sourceName(layer, source, features) {
  if (layer > 0) return t("panel.unit_numbers.source.unit", { index: source + 1 });
  const name = features?.[source];
  return name ? feature(name) : t("panel.unit_numbers.source.input", { index: source + 1 });
}

/** The name of a weight by the units that it connects, or of the bias of a unit. */
export const edgeName = (state, { layer, unit, source }) => source === "bias"
  ? t("panel.unit_numbers.bias_of", { name: unitName(state, { layer, unit }) })
  : `${unitName(state, { layer: layer - 1, unit: source })} → ${unitName(state, { layer, unit })}`;

/** The numbers of a unit as text with several lines, or null without a frame that has the unit. */
export function unitText(state, selected) {
  const layerData = layerOf(state, selected.layer);
  if (!layerData || selected.unit >= layerData.biases.length) return null;
  const numbers = numbersFor(state, selected);
  const title = `${unitName(state, selected)} · ${words(layerData.activation).toLowerCase()}`;
  const bias = t("panel.unit_numbers.bias", { value: number(layerData.biases[selected.unit]) });
  return [
    title, bias + gradientText(numbers?.bias_gradient), ...weightTexts(state, selected, layerData, numbers),
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
  const omitted = total - shown;
  return [...lines, t("panel.unit_numbers.more_weights", { count: omitted, number: integer(omitted) })];
}

/** The output and delta of a unit for one point, and their ranges over the training points. */
export function outputTexts({ point, output, delta, samples }) {
  const value = { z: number(point.z), a: number(point.a), delta: number(point.delta) };
  const range = ({ low, high, mean }) => ({ low: number(low), high: number(high), mean: number(mean) });
  return [
    t("panel.unit_numbers.output", { ...value, point: pointName(point.part, point.index) }),
    t("panel.unit_numbers.output_range", { count: samples, number: integer(samples), ...range(output) }),
    t("panel.unit_numbers.delta_range", range(delta)),
  ];
}

/** The name and the value of a weight. */
export function weightText(state, weight, value) {
  const { layer, unit, source } = weight;
  const frozen = state.parameters?.layers[layer]?.frozen;
  const row = frozen?.[source === "bias" ? frozen.length - 1 : source];
  const text = row?.[unit]
    ? t("panel.unit_numbers.frozen_weight", { value: number(value) })
    : t("panel.unit_numbers.weight", { value: number(value) });
  return `${edgeName(state, weight)}\n${text}`;
}

/** The numbers of a weight: its value, its gradient, its product with the input of one point, and what can be done. */
export function edgeText(state, weight) {
  const { layer, unit, source } = weight;
  const value = state["view:network"] && valueOf(state["view:network"], weight);
  if (value === undefined) return null;
  const numbers = numbersFor(state, { layer, unit });
  const lines = [weightText(state, weight, value)];
  if (numbers && source === "bias") {
    lines.push(t("panel.unit_numbers.gradient", { value: number(numbers.bias_gradient) }));
  } else if (numbers && source < numbers.weights.length) lines.push(...contributionTexts(numbers, source));
  if (!matchMedia("(hover: none)").matches) lines.push(t("panel.unit_numbers.edge_help"));
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
