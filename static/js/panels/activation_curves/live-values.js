// Where the units of a run stand on a curve: the pre-activations of all layers with an activation, in equal cells of z.

const CELLS = 48;

/**
 * The cells of `z` (increasing) that have values of the layers with this activation: [{ z, f, share }], with f at the
 * middle of the cell; `outside` is the share of the values beyond both ends, `layers` the number of these layers.
 */
export function liveValues(layers, name, z, f) {
  const members = layers.filter(({ activation }) => activation === name);
  const counts = new Float64Array(CELLS);
  const [low, high] = [z[0], z.at(-1)];
  let [inside, outside] = [0, 0];
  for (const { histogram } of members) {
    if (!Number.isFinite(histogram.low) || !Number.isFinite(histogram.high)) continue;
    const width = (histogram.high - histogram.low) / histogram.counts.length;
    histogram.counts.forEach((count, bin) => {
      const cell = Math.floor((CELLS * (histogram.low + (bin + 0.5) * width - low)) / (high - low));
      if (cell < 0 || cell >= CELLS) outside += count;
      else {
        counts[cell] += count;
        inside += count;
      }
    });
  }
  const total = inside + outside;
  const dots = [];
  counts.forEach((count, cell) => {
    if (!count) return;
    const position = (cell + 0.5) / CELLS;
    dots.push({ z: low + position * (high - low), f: f[Math.round(position * (f.length - 1))], share: count / total });
  });
  return { dots, outside: total ? outside / total : 0, layers: members.length };
}
