// The difference of two output maps, B - A: its values, its scale, and where both decide differently. Pure functions.

/**
 * Why two frames of the view `decision_boundary` have no difference: "axes", "outputs", or null. `ranges` are compared
 * separately, because decisions can be compared where outputs cannot.
 */
export function obstacle(a, b) {
  const same = (name) => JSON.stringify(a[name] ?? null) === JSON.stringify(b[name] ?? null);
  if (!["axes", "x", "y", "held", "projected"].every(same)) return "axes";
  return String(a.values.shape) === String(b.values.shape) ? null : "outputs";
}

/** Whether the outputs of two frames have the same bounds and threshold. */
export const sameRanges = (a, b) =>
  ["threshold", "low", "high"].every((name) => (a[name] ?? null) === (b[name] ?? null));

/**
 * The difference of two results of plotData(): {values, outputs, rows, columns, scale, largest, mean}. `values` is
 * B - A for every output that is drawn; of a map of classes the change of the probability of the class that B predicts.
 */
export function difference(a, b) {
  const { rows, columns } = b;
  const values = b.kind === "classes"
    ? ofPredicted(a, b)
    : Float32Array.from(b.values, (value, i) => value - a.values[i]);
  let [largest, sum, count] = [0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    sum += Math.abs(value);
    count += 1;
  }
  const scale = { centre: 0, reach: roundUp(largest) };
  return { values, outputs: values.length / (rows * columns), rows, columns, scale, largest, mean: sum / count };
}

function ofPredicted(a, b) {
  const size = b.rows * b.columns;
  const predicted = largestOutputs(b.values, b.outputs, size);
  return Float32Array.from(predicted, (output, i) => b.values[output * size + i] - a.values[output * size + i]);
}

/** The index of the largest output at each of `size` places. */
function largestOutputs(values, outputs, size) {
  const largest = new Uint16Array(size);
  for (let i = 0; i < size; i++) {
    for (let k = 1; k < outputs; k++) if (values[k * size + i] > values[largest[i] * size + i]) largest[i] = k;
  }
  return largest;
}

/**
 * Per place 1 where A and B decide differently, else 0: by the largest output, or, if the outputs have a threshold, by
 * the output `label` above or below it. null if the outputs are no decisions.
 */
export function decisions(a, b, { oneOfMany, label }) {
  const [outputs, rows, columns] = b.values.shape;
  const size = rows * columns;
  if (oneOfMany) {
    const [first, second] = [a, b].map(({ values }) => largestOutputs(values, outputs, size));
    return Float32Array.from(second, (output, i) => Number(output !== first[i]));
  }
  if (!Number.isFinite(a.threshold) || !Number.isFinite(b.threshold)) return null;
  const isAbove = ({ values, threshold }, i) => values[label * size + i] > threshold;
  return Float32Array.from({ length: size }, (_, i) => Number(isAbove(a, i) !== isAbove(b, i)));
}

/** The smallest of 1, 2, 5, 10, 20 ... times a power of ten that is at least `value`, so that the scale is steady. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= value * (1 - 1e-6));
}
