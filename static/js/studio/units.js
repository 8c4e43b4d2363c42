// Units of the network as the page speaks of them: {layer, unit}; layer -1 are the inputs, the last one is the output.

import { feature } from "../core/formats.js";
import { t } from "../core/text.js";

/** The unit the large picture shows: the hovered one, else the pinned one, else none (the output). */
export function focusUnit(state) {
  return state.hovered ?? state.pinned;
}

/** The unit whose numbers are subscribed: under the pointer (a line belongs to its target), opened, or pinned. */
export function lookedAt({ hovered, hoveredEdge, inspected, pinned }) {
  const unit = hovered ?? hoveredEdge ?? (inspected?.unit === undefined ? pinned : inspected);
  return unit && unit.layer >= 0 ? unit : null;
}

/** The id of the subscribed map of a unit that is shown beside others. */
export const besideId = ({ layer, unit }) => `beside-${layer}-${unit}`;

export const sameUnit = (one, other) => one?.layer === other?.layer && one?.unit === other?.unit;

export function unitName(state, { layer, unit }) {
  const config = state.run?.config ?? state.draft;
  if (layer < 0) {
    const name = feature(state["view:network"]?.inputs?.names?.[unit] ?? config.features?.[unit] ?? "");
    return t("studio.unit.input", { name });
  }
  if (layer < config.layers.length) return t("studio.unit.hidden", { layer: layer + 1, unit: unit + 1 });
  if (outputCount(state) === 1) return t("studio.unit.output");
  return t("studio.unit.class_output", { name: state.points?.classes?.[unit] || unit });
}

const outputCount = (state) => state["view:network"]?.layers.at(-1)?.biases.length ?? 1;

/** Whether a unit of this layer without any output above 0 passes no gradient that could wake it: only a ReLU's. */
export const canDie = ({ activation }) => activation === "relu";
