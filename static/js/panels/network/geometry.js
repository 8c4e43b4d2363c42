// The layout of the graph: columns and units. Layer controls and histograms use the same columns.

const MIN_PITCH = 52; // CSS pixels between the centres of two columns
const MAX_TILE = 46;
const MIN_TILE = 9;
const RELATIVE_GAP = 0.22; // between two tiles, relative to a tile
const MAX_LAYERS = 15;

/** The number of hidden layers that are drawn; the network view omits deeper ones as well. */
export const shownLayers = (count) => Math.min(count, MAX_LAYERS);

/**
 * The columns: inputs, hidden layers, output. `total` is the number of units, `available` the number of those
 * in the frame.
 */
export function columnsOf(state) {
  const config = state.run?.config ?? state.draft;
  const network = state["view:network"];
  if (!config) return [];
  const sentUnits = (index) => network?.layers[index]?.biases?.length;
  const hidden = config.layers
    .slice(0, MAX_LAYERS)
    .map((layer, index) => ({
      layer: index,
      total: layer.units,
      available: Math.min(layer.units, sentUnits(index) ?? layer.units),
    }));
  const isCurrent = network?.layers.length === hidden.length + 1;
  const inputs = config.features?.length ?? network?.inputs?.names?.length ?? 2;
  const outputs = isCurrent ? (network.layers.at(-1).units ?? sentUnits(hidden.length)) : 1;
  const shownInputs = isCurrent ? network.layers[0].weights.shape[0] : inputs;
  return [
    { layer: -1, total: inputs, available: Math.min(inputs, shownInputs) },
    ...hidden,
    { layer: config.layers.length, total: outputs, available: isCurrent ? sentUnits(hidden.length) : 1, output: true },
  ];
}

/** Horizontal layout: the centre of every column, and the total width, which may be larger than `width`. */
export function layoutColumns(count, width) {
  const pitch = Math.max(MIN_PITCH, width / count);
  return { pitch, width: pitch * count, centre: (index) => pitch * (index + 0.5) };
}

/** Vertical layout of one column: tile size, centres, and the number of omitted units. */
export function layoutUnits(column, pitch, height) {
  const max = Math.max(1, Math.floor(height / (MIN_TILE * (1 + RELATIVE_GAP))));
  const overflows = column.available > max || column.available < column.total;
  const shown = Math.min(column.available, overflows ? max - 2 : max);
  const usableHeight = overflows ? height - 26 : height;
  const step = Math.min(MAX_TILE * (1 + RELATIVE_GAP) + 4, usableHeight / Math.max(shown, 1));
  const tile = Math.max(6, Math.min(MAX_TILE, Math.floor(step / (1 + RELATIVE_GAP)), pitch * 0.5));
  const top = (usableHeight - step * shown) / 2;
  return {
    tile,
    shown,
    omitted: column.total - shown,
    centre: (unit) => top + step * (unit + 0.5),
    bottom: top + step * shown,
  };
}

/** The layout for a panel of `width` x `height`, with the units between `top` and `height - bottom`. */
export function graphLayout(state, width, height, { top, bottom }) {
  const columns = columnsOf(state);
  const horizontal = layoutColumns(columns.length, width);
  const positioned = columns.map((column, index) => ({
    ...column,
    x: horizontal.centre(index),
    ...layoutUnits(column, horizontal.pitch, height - top - bottom),
  }));
  return {
    ...horizontal,
    top,
    columns: positioned,
    unitCentre: (index, unit) => ({ x: positioned[index].x, y: top + positioned[index].centre(unit) }),
  };
}

/** The unit at (x, y) as {layer, unit}, or null. */
export function unitAt({ columns, unitCentre }, x, y) {
  for (const [index, column] of columns.entries()) {
    if (Math.abs(x - column.x) > column.tile / 2 + 4) continue;
    for (let unit = 0; unit < column.shown; unit++)
      if (Math.abs(y - unitCentre(index, unit).y) <= column.tile / 2 + 2) return { layer: column.layer, unit };
  }
  return null;
}
