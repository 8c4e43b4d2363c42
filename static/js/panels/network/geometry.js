// The layout of the graph: columns and units, shared with the controls and the strips so that they line up.

const MIN_PITCH = 52;
const MAX_TILE = 46;
const MIN_TILE = 9;
const GAP = 0.22;
const MAX_LAYERS = 15;

/** The number of hidden layers that get a column; the network view leaves out deeper ones as well. */
export const shownLayers = (count) => Math.min(count, MAX_LAYERS);

/**
 * The columns: inputs, hidden layers, output. `total` is the number of units, `held` how many of them the view sends.
 */
export function columnsOf(state) {
  const config = state.run?.config ?? state.draft;
  const network = state["view:network"];
  if (!config) return [];
  const drawnIn = (index) => network?.layers[index]?.biases?.length;
  const hidden = config.layers
    .slice(0, MAX_LAYERS)
    .map((layer, index) => ({
      layer: index,
      total: layer.units,
      held: Math.min(layer.units, drawnIn(index) ?? layer.units),
    }));
  const matching = network?.layers.length === hidden.length + 1;
  const inputs = config.features?.length ?? network?.inputs?.names?.length ?? 2;
  const outputs = matching ? (network.layers.at(-1).units ?? drawnIn(hidden.length)) : 1;
  const shownInputs = matching ? network.layers[0].weights.shape[0] : inputs;
  return [
    { layer: -1, total: inputs, held: Math.min(inputs, shownInputs) },
    ...hidden,
    { layer: config.layers.length, total: outputs, held: matching ? drawnIn(hidden.length) : 1, output: true },
  ];
}

/** Horizontal layout: the centre of every column, and the whole width, which may be larger than `width`. */
export function layoutColumns(count, width) {
  const pitch = Math.max(MIN_PITCH, width / count);
  return { pitch, width: pitch * count, centre: (index) => pitch * (index + 0.5) };
}

/** Vertical layout of one column: tile size, centres, and how many units are left out. */
export function layoutUnits(column, pitch, height) {
  const max = Math.max(1, Math.floor(height / (MIN_TILE * (1 + GAP))));
  const crowded = column.held > max || column.held < column.total;
  const shown = Math.min(column.held, crowded ? max - 2 : max);
  const room = crowded ? height - 26 : height;
  const step = Math.min(MAX_TILE * (1 + GAP) + 4, room / Math.max(shown, 1));
  const tile = Math.max(6, Math.min(MAX_TILE, Math.floor(step / (1 + GAP)), pitch * 0.5));
  const top = (room - step * shown) / 2;
  return {
    tile,
    shown,
    omitted: column.total - shown,
    centre: (unit) => top + step * (unit + 0.5),
    bottom: top + step * shown,
  };
}

/** The layout for a panel of `width` x `height`, with the units between `top` and `height - bottom`. */
export function geometry(state, width, height, { top, bottom }) {
  const columns = columnsOf(state);
  const across = layoutColumns(columns.length, width);
  const placed = columns.map((column, index) => ({
    ...column,
    x: across.centre(index),
    ...layoutUnits(column, across.pitch, height - top - bottom),
  }));
  return {
    ...across,
    top,
    columns: placed,
    place: (index, unit) => ({ x: placed[index].x, y: top + placed[index].centre(unit) }),
  };
}

/** The unit at (x, y) as {layer, unit}, or null. */
export function unitAt({ columns, place }, x, y) {
  for (const [index, column] of columns.entries()) {
    if (Math.abs(x - column.x) > column.tile / 2 + 4) continue;
    for (let unit = 0; unit < column.shown; unit++)
      if (Math.abs(y - place(index, unit).y) <= column.tile / 2 + 2) return { layer: column.layer, unit };
  }
  return null;
}
