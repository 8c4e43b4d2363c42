// The columns of the graph: units with map, bias and focus ring, names of the inputs.

import { css, signed } from "../../core/colours.js";
import { feature, integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { focusUnit, sameUnit } from "../../studio/units.js";
import { FONT, LARGE, MAX_CONDENSED, shortenNames } from "../shared/axes.js";
import { paint, unitImage } from "../shared/heat-map.js";
import { outputScale, taskOf, unitScale } from "../shared/scales.js";

const MIN_NAMED_TILE = 10 * LARGE; // CSS pixels: the names of smaller tiles would overlap
const MIN_NAME_WIDTH = 45 * LARGE; // CSS pixels left of a tile; with less space its name is drawn below
const LINE_HEIGHT = 13 * LARGE;
const BORDER_GAP = 6; // CSS pixels between a name and the border of the panel
const [UNUSED_SIZE, UNUSED_STRENGTH] = [0.7, 0.4]; // of the nodes of features that the network does not use
const TILE_GAP = 4; // CSS pixels between a name and its tile

export function drawColumn(context, state, layout, index, network) {
  const column = layout.columns[index];
  const values = index === 0 ? network?.inputs : network?.layers[index - 1];
  for (let unit = 0; unit < column.shown; unit++) {
    drawUnit(context, state, layout.unitCentre(index, unit), column, unit, values);
  }
  if (column.nodes) drawUnusedNodes(context, state.colours, layout.top, column, network?.unused);
  if (column.layer < 0 && column.tile >= MIN_NAMED_TILE) drawInputNames(context, state, layout, column, values);
  if (column.omitted <= 0) return;
  context.fillStyle = state.colours.muted;
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "top";
  const text = t("panel.network.more_units", { count: integer(column.omitted) });
  context.fillText(text, column.x, layout.top + column.bottom + 6, layout.pitch);
}

function drawUnit(context, state, { x, y }, column, unit, values) {
  const { tile } = column;
  const [left, top] = [x - tile / 2, y - tile / 2];
  const { colours } = state;
  context.fillStyle = colours.faint;
  roundedSquare(context, left, top, tile);
  context.fill();
  if (values?.maps && unit < values.maps.shape[0]) drawUnitMap(context, state, column, unit, values, left, top);
  const focused = sameUnit(focusUnit(state), { layer: column.layer, unit });
  context.lineWidth = focused ? 2.5 : 1;
  context.strokeStyle = focused ? colours.strong : colours.line;
  roundedSquare(context, left, top, tile);
  context.stroke();
  if (column.layer >= 0 && values?.biases && tile > 12) {
    drawBias(context, values.biases[unit], left, top + tile, tile, colours);
  }
}

function drawUnitMap(context, state, column, unit, values, left, top) {
  const { low, high } = values;
  const hasThreshold = column.output && taskOf(state) !== "regression";
  const scale = hasThreshold ? outputScale(state, state["view:decision_boundary"], unit) : unitScale(low, high);
  paintUnitMap(context, values, unit, left, top, column.tile, scale);
}

function paintUnitMap(context, { maps, low, high }, unit, left, top, size, scale) {
  context.save();
  roundedSquare(context, left, top, size);
  context.clip();
  paint(context, unitImage("unit", maps, unit, low, high, scale), left, top, size, size);
  context.restore();
}

function roundedSquare(context, x, y, size) {
  context.beginPath();
  context.roundRect(x, y, size, size, Math.min(7, size / 4));
}

/** The bias as a dot at the lower left corner: colour by sign, radius by |bias| up to 2. */
function drawBias(context, bias, x, y, tile, colours) {
  if (!Number.isFinite(bias)) return;
  const radius = 2.2 + Math.min(1, Math.abs(bias) / 2) * Math.min(4, tile / 9);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = css(signed(bias, { centre: 0, reach: 1 }));
  context.fill();
  context.strokeStyle = colours.edge;
  context.lineWidth = 1;
  context.stroke();
}

/** The features that the network does not use: small pale tiles with their maps. */
function drawUnusedNodes(context, { line, faint }, top, { nodes, rows, x, tile, step, first }, unused) {
  const size = tile * UNUSED_SIZE;
  const [left, above] = [x - size / 2, top + first + (step - size) / 2];
  nodes.forEach((name, row) => {
    if (rows.includes(row)) return;
    const y = above + step * row;
    context.fillStyle = faint;
    context.strokeStyle = line;
    context.lineWidth = 1;
    roundedSquare(context, left, y, size);
    context.fill();
    const unit = unused?.names.indexOf(name) ?? -1;
    context.globalAlpha = UNUSED_STRENGTH;
    if (unit >= 0) paintUnitMap(context, unused, unit, left, y, size, unitScale(unused.low, unused.high));
    context.globalAlpha = 1;
    roundedSquare(context, left, y, size);
    context.stroke();
  });
}

function drawInputNames(context, state, layout, column, values) {
  const { x, tile, step, nodes, rows } = column;
  const used = (values?.names ?? (state.run?.config ?? state.draft)?.features ?? []).slice(0, column.shown);
  const names = (nodes ?? used).map(feature);
  const left = x - tile / 2;
  context.font = FONT;
  // Names go below the tiles where the space beside them is too narrow and the gap between them fits a line.
  const below = left < MIN_NAME_WIDTH && (names.length < 2 || step - tile >= LINE_HEIGHT);
  const width = below ? 2 * (x - BORDER_GAP) : left - BORDER_GAP - TILE_GAP;
  context.textAlign = below ? "center" : "right";
  context.textBaseline = below ? "top" : "middle";
  shortenNames(context, names, below ? width : width * MAX_CONDENSED).forEach((name, row) => {
    const y = layout.top + column.first + step * (row + 0.5);
    context.fillStyle = !nodes || rows.includes(row) ? state.colours.text : state.colours.muted;
    if (below) context.fillText(name, x, y + tile / 2 + 2);
    else context.fillText(name, left - TILE_GAP, y, width);
  });
}
