// What a unit and a line say of themselves under the pointer: bias, weights, what they answer now, and their gradients.

import { feature, integer, number, words } from "../../core/formats.js";
import { unitName } from "../../studio/units.js";

const MOST = 8;

/** The frame of numbers, if it is about this unit of this run. */
export function numbersFor(state, { layer, unit }) {
  const frame = state["view:numbers"];
  return frame?.run === state.run?.id && frame.layer === layer && frame.unit === unit ? frame : null;
}

export const partOf = (state, layer) => state["view:network"]?.layers.find((each, index) => (each.index ?? index) === layer);

export const sourceName = (state, layer, source) => (layer === 0 ? feature(state.points?.features?.[source] ?? `input ${source + 1}`) : `unit ${source + 1}`);

/** Which point the answers are those of. */
const pointOf = ({ point }) => `${point.part} point ${point.index}`;

/** A unit's numbers, line by line, or null where it is not known. */
export function unitWords(state, chosen) {
  const part = partOf(state, chosen.layer);
  if (!part || chosen.unit >= part.biases.length) return null;
  const held = numbersFor(state, chosen);
  const [count, units] = part.weights.shape;
  const gradient = (value) => (held ? `, gradient ${number(value)}` : "");
  const lines = [`${unitName(state, chosen)} · ${words(part.activation).toLowerCase()}`, `bias ${number(part.biases[chosen.unit])}${gradient(held?.bias_gradient)}`];
  const total = held ? held.weights.length + held.omitted_sources : count;
  for (let i = 0; i < Math.min(count, MOST); i++) lines.push(`from ${sourceName(state, chosen.layer, i)}: ${number(part.weights[i * units + chosen.unit])}${gradient(held?.weight_gradients[i])}`);
  if (total > MOST) lines.push(`and ${integer(total - Math.min(count, MOST))} weights more`);
  return [...lines, ...(held ? answers(held) : [])].join("\n");
}

/** What it answers now. */
export function answers(held) {
  const { point, output, delta, samples } = held;
  return [
    `output ${number(point.a)} for ${pointOf(held)} (z ${number(point.z)}, delta ${number(point.delta)})`,
    `over ${integer(samples)} training points: ${number(output.low)} to ${number(output.high)}, mean ${number(output.mean)}; delta ${number(delta.low)} to ${number(delta.high)}`,
  ];
}

/** A line's numbers: its weight, what it carries, and its gradient. */
export function edgeWords(state, { layer, unit, source }) {
  const part = partOf(state, layer);
  if (!part || source >= part.weights.shape[0] || unit >= part.weights.shape[1]) return null;
  const weight = part.weights[source * part.weights.shape[1] + unit];
  const frozen = state.parameters?.layers[layer]?.frozen?.[source]?.[unit] ? ", frozen" : "";
  const held = numbersFor(state, { layer, unit });
  const lines = [`${unitName(state, { layer: layer - 1, unit: source })} → ${unitName(state, { layer, unit })}`, `weight ${number(weight)}${frozen}`];
  if (held && source < held.weights.length) {
    const input = held.point.inputs[source];
    lines.push(`gradient ${number(held.weight_gradients[source])}`);
    lines.push(`for ${pointOf(held)}: input ${number(input)}, passes on ${number(held.weights[source] * input)}, gradient ${number(held.point.weight_gradients[source])}`);
  }
  return lines.join("\n");
}
