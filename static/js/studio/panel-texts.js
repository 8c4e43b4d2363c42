// The sentences about the drawings whose names say too little: the output map and the network.

import { integer, number, percent } from "../core/formats.js";
import { t } from "../core/text.js";
import { plotData } from "../panels/decision_boundary/plot-data.js";
import { classNames, taskOf } from "../panels/shared/scales.js";
import { focusUnit, unitName } from "./units.js";

/** Which part of the plane belongs to which class, or the range of the values; null without a map. */
export function mapText(state) {
  const plot = plotData(state);
  if (!plot?.values || state.run?.status === "diverged") return null;
  const unit = focusUnit(state);
  const name = unit ? unitName(state, unit) : t("panel.decision_boundary.network_output");
  const step = integer(plot.frame.step);
  if (plot.kind === "classes" || (taskOf(state) === "binary" && plot.kind === "signed" && !unit)) {
    return t("studio.said.classes", { step, name, shares: sharesText(plot, state) });
  }
  const finite = [...plot.values].filter(Number.isFinite);
  if (!finite.length) return null;
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  return t("studio.said.range", { step, name, low: number(low), high: number(high) });
}

/** "first arm 48%, second arm 52%": the shares of the cells of the map. */
function sharesText(plot, state) {
  const { values, rows, columns, scale } = plot;
  const size = rows * columns;
  const count = plot.kind === "classes" ? plot.outputs : 2;
  const cells = new Array(count).fill(0);
  const classOf = plot.kind === "classes"
    ? (i) => largest(values, i, size, count)
    : (i) => Number(values[i] >= scale.centre);
  for (let i = 0; i < size; i++) cells[classOf(i)] += 1;
  const names = classNames(state);
  return cells.map((cell, index) => `${names?.[index] ?? index} ${percent(cell / size)}`).join(", ");
}

function largest(values, i, size, count) {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[c * size + i] > values[best * size + i]) best = c;
  return best;
}

/** The number of units of each layer, and the largest weight; null without a frame of the network. */
export function networkText(state) {
  const frame = state["view:network"];
  if (!frame || frame.run !== state.run?.id) return null;
  const sizes = frame.layers.map(({ weights }) => weights.shape[1]);
  let [reach, layer, source, target] = [-1, 0, 0, 0];
  frame.layers.forEach(({ weights }, index) => weights.forEach((weight, i) => {
    if (!(Math.abs(weight) > reach)) return;
    [reach, layer] = [Math.abs(weight), index];
    [source, target] = [Math.floor(i / weights.shape[1]), i % weights.shape[1]];
  }));
  if (reach < 0) return null;
  const columns = frame.layers[layer].weights.shape[1];
  return t("studio.said.network", {
    step: integer(frame.step), sizes: [frame.layers[0].weights.shape[0], ...sizes].join(", "),
    weight: number(frame.layers[layer].weights[source * columns + target]),
    source: unitName(state, { layer: layer - 1, unit: source }), target: unitName(state, { layer, unit: target }),
  });
}
