// The subscription for the selected loss landscape.

import { clamped } from "../sample_trace/selection.js";

/** The subscription for a selection, limited to the weights of the network. */
export function landscapeSubscription(selected, limits) {
  const { kind, span, seed } = selected;
  const first = weightOf(selected, "", limits);
  const second = weightOf(selected, "_2", limits);
  const options = { kind };
  if (kind === "weight" || kind === "weights") Object.assign(options, first);
  if (kind === "weights") {
    const { layer, unit } = second;
    Object.assign(options, { layer_2: layer, unit_2: unit, source_2: distinctSource(first, second) });
  }
  if (span) options.span = span;
  if (kind === "random") options.seed = seed;
  return { view: "loss_landscape", options, id: "loss_landscape" };
}

function weightOf(selected, suffix, limits) {
  const [layer, unit, source] = ["layer", "unit", "source"].map((key) => selected[`${key}${suffix}`]);
  const weight = clamped({ layer, unit, source, part: "train", index: 0 }, limits);
  return { layer: weight.layer, unit: weight.unit, source: weight.source };
}

/** The source of the second weight; another one where both weights would be the same. */
function distinctSource(first, second) {
  if (["layer", "unit", "source"].some((key) => first[key] !== second[key])) return second.source;
  return second.source === -1 ? 0 : -1;
}
