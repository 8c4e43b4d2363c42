// The network's weights as they are saved by the panel's menu.

import { weightScale } from "./edges.js";

export function jsonOf(network) {
  if (!network) return {};
  const layers = network.layers.map(({ weights, biases }) => ({ weights, biases }));
  return { step: network.step, largest_weight: weightScale(network.layers), layers };
}

/** One record per weight, each layer's biases after its weights; layers, units and sources count from 0. */
export function weightRecords(network) {
  return (network?.layers ?? []).flatMap(({ weights, biases }, layer) => {
    const units = weights.shape[1];
    return [
      ...Array.from(weights, (value, i) => ({ layer, unit: i % units, source: Math.floor(i / units), value })),
      ...Array.from(biases, (value, unit) => ({ layer, unit, source: "bias", value })),
    ];
  });
}
