// The layout of the graph: columns and units. Layer controls and histograms use the same columns.

import { offeredFeatures } from "../../studio/problem.js";
import { LARGE } from "../shared/axes.js";

// Lengths in CSS pixels.
const MIN_PITCH = 52; // between the centres of two columns
const MIN_TILE = 9;
const MIN_GAP = 3; // between two tiles
const MIN_NODE = window.innerWidth > 700 ? 24 : 44; // height of a button that adds or removes a feature
const NAME_WIDTH = 40 * LARGE; // of the shortest names of features, at the left of their nodes
const LARGEST_TILE = { least: 46, share: 0.075, most: 120 }; // `share` of the panel's width
const BIAS_REACH = 6; // around the dot of a bias
const MAX_LAYERS = 15;

/** CSS pixels above and below the units. */
export const PADDING = { top: 5, bottom: 8 };

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

/**
 * The nodes of the input column if there is one for every feature that the data offer: `nodes`, their names,
 * `active`, the names of those that the network uses, and `rows`, the rows of these. {} where they do not fit.
 */
function nodesOf(state, height) {
  const nodes = offeredFeatures(state);
  if (!nodes || nodes.length * MIN_NODE > height) return {};
  const active = (state.run?.config ?? state.draft).features ?? state["view:network"]?.inputs?.names ?? [];
  const rows = active.map((name) => nodes.indexOf(name));
  return rows.includes(-1) ? {} : { nodes, active, rows };
}

/** Horizontal layout: the centre of every column, and the total width, which may be larger than `width`. */
export function layoutColumns(count, width) {
  const pitch = Math.max(MIN_PITCH, width / count);
  return { pitch, width: pitch * count, centre: (index) => pitch * (index + 0.5) };
}

/** The side of a tile in rows of a height: small tiles have small gaps. */
const tileIn = (step) => Math.max(6, Math.floor(Math.max(0.82 * step, Math.min(0.9 * step + 0.8, step - MIN_GAP))));

/** Vertical layout of one column, with tiles of at most `largest`: their size, centres, the number of omitted units. */
function layoutUnits(column, height, largest) {
  const { nodes, rows, available, total } = column;
  const max = nodes ? available : Math.max(1, Math.floor(height / (MIN_TILE * 1.22)));
  const overflows = available > max || available < total;
  const shown = Math.min(available, overflows ? max - 2 : max);
  const usableHeight = overflows ? height - 26 : height;
  const count = nodes?.length ?? shown;
  const step = Math.min(Math.max(largest * 1.22 + MIN_GAP, nodes ? MIN_NODE : 0), usableHeight / Math.max(count, 1));
  const first = (usableHeight - step * count) / 2;
  return {
    tile: Math.min(largest, tileIn(step)), shown, step, first,
    omitted: total - shown,
    centre: (unit) => first + step * ((rows?.[unit] ?? unit) + 0.5),
    bottom: first + step * count,
  };
}

/** The layout for a panel of `width` x `height`; where the inputs may be chosen, they have a node for every feature. */
export function graphLayout(state, width, height, editable = true) {
  const columns = columnsOf(state);
  const horizontal = layoutColumns(columns.length, width);
  const usable = height - PADDING.top - PADDING.bottom;
  if (editable && columns.length) Object.assign(columns[0], nodesOf(state, usable));
  const { least, share, most } = LARGEST_TILE;
  const limit = Math.min(Math.max(least, Math.min(share * width, most)), horizontal.pitch / 2);
  const tiles = columns.map((column) => layoutUnits(column, usable, limit).tile);
  const hidden = tiles.slice(1, -1);
  // Inputs and outputs are as large as the largest units between them, if they have the space.
  const largest = hidden.length ? Math.max(...hidden) : limit;
  const positioned = columns.map((column, index) =>
    ({ ...column, x: horizontal.centre(index), ...layoutUnits(column, usable, largest) }));
  const [inputs] = positioned;
  if (inputs?.nodes) inputs.x = Math.max(inputs.x, Math.min(NAME_WIDTH + inputs.tile / 2, horizontal.pitch * 0.7));
  return {
    ...horizontal,
    top: PADDING.top,
    columns: positioned,
    unitCentre: (index, unit) => ({ x: positioned[index].x, y: PADDING.top + positioned[index].centre(unit) }),
  };
}

/** The bias at (x, y), a dot at the lower left corner of its unit, as {layer, unit, source: "bias"}, or null. */
export function biasAt({ columns, unitCentre }, x, y, reach = BIAS_REACH) {
  for (const [index, { layer, tile, shown, ...column }] of columns.entries()) {
    if (layer < 0 || tile <= 12 || Math.abs(x - column.x + tile / 2) > reach) continue;
    for (let unit = 0; unit < shown; unit++)
      if (Math.abs(y - unitCentre(index, unit).y - tile / 2) <= reach) return { layer, unit, source: "bias" };
  }
  return null;
}

/** The unit at (x, y) as {layer, unit}, or null; not at the dot of its bias. */
export function unitAt(layout, x, y) {
  const { columns, unitCentre } = layout;
  if (biasAt(layout, x, y)) return null;
  for (const [index, column] of columns.entries()) {
    if (Math.abs(x - column.x) > column.tile / 2 + 4) continue;
    for (let unit = 0; unit < column.shown; unit++)
      if (Math.abs(y - unitCentre(index, unit).y) <= column.tile / 2 + 2) return { layer: column.layer, unit };
  }
  return null;
}
