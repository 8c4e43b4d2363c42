// Where the columns and units of the network stand; shared by the graph and the strips under it, so that both line up.

const LEAST_PITCH = 52;
const LARGEST_TILE = 46;
const SMALLEST_TILE = 9;
const GAP = 0.22;
const MOST_LAYERS = 15;

/** Hidden layers that get a column; deeper ones are left out, as the network view leaves them out. */
export const shownLayers = (count) => Math.min(count, MOST_LAYERS);

/** Columns of the drawing: the inputs, each shown hidden layer, the output; each with all its units and how many are drawn. */
export function columnsOf(state) {
  const config = state.run?.config ?? state.draft;
  const network = state["view:network"];
  if (!config) return [];
  const drawnIn = (index) => network?.layers[index]?.biases?.length;
  const hidden = config.layers.slice(0, MOST_LAYERS).map((layer, index) => ({ layer: index, total: layer.units, held: Math.min(layer.units, drawnIn(index) ?? layer.units) }));
  const matching = network?.layers.length === hidden.length + 1;
  const inputs = config.features?.length ?? network?.inputs?.names?.length ?? 2;
  const outputs = matching ? network.layers.at(-1).units ?? drawnIn(hidden.length) : 1;
  const shownInputs = matching ? network.layers[0].weights.shape[0] : inputs;
  return [{ layer: -1, total: inputs, held: Math.min(inputs, shownInputs) }, ...hidden,
    { layer: config.layers.length, total: outputs, held: matching ? drawnIn(hidden.length) : 1, output: true }];
}

/** Horizontal layout: centre of every column and the width of it all, which scrolls where it does not fit. */
export function layoutColumns(count, width) {
  const pitch = Math.max(LEAST_PITCH, width / count);
  return { pitch, width: pitch * count, centre: (index) => pitch * (index + 0.5) };
}

/** Vertical layout of one column: tile size, centres, and how many units had to be left out. */
export function layoutUnits(column, pitch, height) {
  const most = Math.max(1, Math.floor(height / (SMALLEST_TILE * (1 + GAP))));
  const crowded = column.held > most || column.held < column.total;
  const shown = Math.min(column.held, crowded ? most - 2 : most);
  const room = crowded ? height - 26 : height;
  const step = Math.min(LARGEST_TILE * (1 + GAP) + 4, room / Math.max(shown, 1));
  const tile = Math.max(6, Math.min(LARGEST_TILE, Math.floor(step / (1 + GAP)), pitch * 0.5));
  const top = (room - step * shown) / 2;
  return { tile, shown, left: column.total - shown, centre: (unit) => top + step * (unit + 0.5), bottom: top + step * shown };
}

/** The whole geometry for a panel of `width` x `height`, the units standing between `top` and `height - bottom`. */
export function geometry(state, width, height, { top, bottom }) {
  const columns = columnsOf(state);
  const across = layoutColumns(columns.length, width);
  const placed = columns.map((column, index) => ({ ...column, x: across.centre(index), ...layoutUnits(column, across.pitch, height - top - bottom) }));
  return { ...across, top, columns: placed, place: (index, unit) => ({ x: placed[index].x, y: top + placed[index].centre(unit) }) };
}

/** The unit under a place of the drawing, as {layer, unit}, or null. */
export function unitAt({ columns, place }, x, y) {
  for (const [index, column] of columns.entries()) {
    if (Math.abs(x - column.x) > column.tile / 2 + 4) continue;
    for (let unit = 0; unit < column.shown; unit++) if (Math.abs(y - place(index, unit).y) <= column.tile / 2 + 2) return { layer: column.layer, unit };
  }
  return null;
}
