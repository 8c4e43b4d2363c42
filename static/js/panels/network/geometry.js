// The layout of the graph: columns and units. Layer controls and histograms use the same columns.

import { offeredFeatures } from "../../studio/problem.js";
import { FINGER, LARGE } from "../shared/axes.js";

// Lengths in CSS pixels.
const MIN_PITCH = 52; // between the centres of two columns
const MIN_TILE = 9;
const MIN_GAP = 3; // between two tiles
const MIN_STEP = MIN_TILE * 1.22; // between the centres of two units
const READABLE_STEP = 26; // hidden layers whose units would be nearer to each other have several lanes
const LANES_SHARE = 0.55; // of the pitch of columns, at most; the rest is for the edges
const LANE_GAIN = 1.25; // how much larger another lane has to make the units
const MORE_HEIGHT = 26; // of the line that counts the omitted units
const MIN_NODE = FINGER ? 44 : 24; // height of a button that adds or removes a feature
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

/** The number of lanes, side by side, of a layer of `count` units: several where one has too little height. */
function lanesOf(count, height, pitch) {
  const widthOf = (lanes) => (lanes > 1 ? (LANES_SHARE * pitch) / lanes : Infinity);
  const stepWith = (lanes) => Math.min(height / Math.ceil(count / lanes), widthOf(lanes));
  let best = 1;
  for (let lanes = 2; lanes <= count && stepWith(best) < READABLE_STEP; lanes++) {
    if (stepWith(lanes) < MIN_STEP) break;
    if (stepWith(lanes) >= LANE_GAIN * stepWith(best)) best = lanes;
  }
  return best;
}

/**
 * The layout of one column, with tiles of at most `largest`: their size, the number of omitted units, and of each unit
 * the height of its centre and how far it is beside that of the column. Lanes are filled from the left, from the top.
 */
function layoutUnits(column, height, largest, pitch) {
  const { nodes, rows, available, total } = column;
  const lanes = column.layer < 0 ? 1 : lanesOf(available, height, pitch);
  const capacity = (space) => (nodes ? available : Math.max(1, lanes * Math.floor(space / MIN_STEP)));
  const overflows = available > capacity(height) || available < total;
  const usableHeight = overflows ? height - MORE_HEIGHT : height;
  const shown = Math.min(available, capacity(usableHeight));
  const count = nodes?.length ?? Math.max(1, Math.ceil(shown / lanes)); // of rows
  const share = lanes > 1 ? (LANES_SHARE * pitch) / lanes : Infinity;
  const step = Math.min(Math.max(largest * 1.22 + MIN_GAP, nodes ? MIN_NODE : 0), usableHeight / count, share);
  const first = (usableHeight - step * count) / 2;
  return {
    tile: Math.min(largest, tileIn(step)), shown, step, first, lanes,
    omitted: total - shown,
    centre: (unit) => first + step * ((rows?.[unit] ?? unit % count) + 0.5),
    beside: (unit) => (lanes > 1 ? step * (Math.floor(unit / count) - (lanes - 1) / 2) : 0),
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
  const tiles = columns.map((column) => layoutUnits(column, usable, limit, horizontal.pitch).tile);
  const hidden = tiles.slice(1, -1);
  // Inputs and outputs are as large as the largest units between them, if they have the space.
  const largest = hidden.length ? Math.max(...hidden) : limit;
  const positioned = columns.map((column, index) =>
    ({ ...column, x: horizontal.centre(index), ...layoutUnits(column, usable, largest, horizontal.pitch) }));
  const [inputs] = positioned;
  if (inputs?.nodes) inputs.x = Math.max(inputs.x, Math.min(NAME_WIDTH + inputs.tile / 2, horizontal.pitch * 0.7));
  return {
    ...horizontal,
    top: PADDING.top,
    columns: positioned,
    unitCentre: (index, unit) => {
      const { x, beside, centre } = positioned[index];
      return { x: x + beside(unit), y: PADDING.top + centre(unit) };
    },
  };
}

/** The bias at (x, y), a dot at the lower left corner of its unit, as {layer, unit, source: "bias"}, or null. */
export function biasAt(layout, x, y, reach = BIAS_REACH) {
  const found = unitWhere(layout, ({ layer, tile }, centre) => layer >= 0 && tile > 12
    && Math.abs(x - centre.x + tile / 2) <= reach && Math.abs(y - centre.y - tile / 2) <= reach);
  return found && { ...found, source: "bias" };
}

/** The unit at (x, y) as {layer, unit}, or null; not at the dot of its bias. */
export function unitAt(layout, x, y) {
  if (biasAt(layout, x, y)) return null;
  return unitWhere(layout, ({ tile, lanes }, centre) =>
    Math.abs(x - centre.x) <= tile / 2 + (lanes > 1 ? 2 : 4) && Math.abs(y - centre.y) <= tile / 2 + 2);
}

/** The first unit for which `holds(column, centre)`, as {layer, unit}, or null. */
function unitWhere({ columns, unitCentre }, holds) {
  for (const [index, column] of columns.entries())
    for (let unit = 0; unit < column.shown; unit++)
      if (holds(column, unitCentre(index, unit))) return { layer: column.layer, unit };
  return null;
}
