// Units of the network as {layer, unit}: layer -1 is the input layer, layer `config.layers.length` the output layer.

import { feature } from "../core/formats.js";
import { t } from "../core/text.js";
import { classNames } from "../panels/shared/scales.js";

/** The unit whose map is shown: the hovered or else the pinned one; null for the output of the network. */
export function focusUnit(state) {
  return state.hovered ?? state.pinned;
}

/**
 * The unit whose numbers are requested: the hovered one, the target of the hovered edge, the one whose popover is open,
 * or the pinned one; null for none and for inputs.
 */
export function inspectedUnit({ hovered, hoveredEdge, inspected, pinned }) {
  const unit = hovered ?? hoveredEdge ?? (inspected?.unit === undefined ? pinned : inspected);
  return unit && unit.layer >= 0 ? unit : null;
}

/** The subscription id of the map of a unit compared side by side. */
export const sideBySideId = ({ layer, unit }) => `beside-${layer}-${unit}`;

export const sameUnit = (first, second) => first?.layer === second?.layer && first?.unit === second?.unit;

export function unitName(state, { layer, unit }) {
  const config = state.run?.config ?? state.draft;
  if (layer < 0) {
    const name = feature(state["view:network"]?.inputs?.names?.[unit] ?? config.features?.[unit] ?? "");
    return t("studio.unit.input", { name });
  }
  if (layer < config.layers.length) return t("studio.unit.hidden", { layer: layer + 1, unit: unit + 1 });
  if (outputCount(state) === 1) return t("studio.unit.output");
  return t("studio.unit.class_output", { name: classNames(state)?.[unit] || unit });
}

const outputCount = (state) => state["view:network"]?.layers.at(-1)?.biases.length ?? 1;

/** Whether units of this layer can be dead: only ReLU has gradient 0 wherever its output is 0. */
export const canDie = ({ activation }) => activation === "relu";
