// The columns of the graph: units with map, bias and focus ring, names of the inputs, a frame around the traced part.

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
const TILE_GAP = 4; // CSS pixels between a name and its tile

export function drawColumn(context, state, layout, index, network) {
  const column = layout.columns[index];
  const values = index === 0 ? network?.inputs : network?.layers[index - 1];
  for (let unit = 0; unit < column.shown; unit++) {
    drawUnit(context, state, layout.unitCentre(index, unit), column, unit, values);
  }
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
  const image = unitImage("unit", values.maps, unit, low, high, scale);
  context.save();
  roundedSquare(context, left, top, column.tile);
  context.clip();
  paint(context, image, left, top, column.tile, column.tile);
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

function drawInputNames(context, state, layout, column, values) {
  const names = (values?.names ?? (state.run?.config ?? state.draft)?.features ?? []).slice(0, column.shown);
  const left = column.x - column.tile / 2;
  context.font = FONT;
  context.fillStyle = state.colours.text;
  // Names go below the tiles where the space beside them is too narrow and the gap between them fits a line.
  const gap = column.shown > 1 ? column.centre(1) - column.centre(0) - column.tile : Infinity;
  const below = left < MIN_NAME_WIDTH && gap >= LINE_HEIGHT;
  const width = below ? 2 * (column.x - BORDER_GAP) : left - BORDER_GAP - TILE_GAP;
  context.textAlign = below ? "center" : "right";
  context.textBaseline = below ? "top" : "middle";
  shortenNames(context, names.map(feature), below ? width : width * MAX_CONDENSED).forEach((name, unit) => {
    const { y } = layout.unitCentre(0, unit);
    if (below) context.fillText(name, column.x, y + column.tile / 2 + 2);
    else context.fillText(name, left - TILE_GAP, y, width);
  });
}

/** Draws a frame around the traced layer or unit, and the edge of the selected weight. */
export function drawTracePosition(context, layout, { layer, unit, source }, colours) {
  const index = layout.columns.findIndex((column) => column.layer === layer);
  const column = layout.columns[index];
  if (!column) return;
  const [first, last] = unit === undefined ? [0, column.shown - 1] : [unit, unit];
  const [from, to] = [layout.unitCentre(index, first), layout.unitCentre(index, last)];
  const half = column.tile / 2 + 5;
  context.strokeStyle = colours.accent;
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(from.x - half, from.y - half, 2 * half, to.y - from.y + 2 * half, 8);
  if (source >= 0) {
    const start = layout.unitCentre(index - 1, source);
    const [x0, x1] = [start.x + layout.columns[index - 1].tile / 2, from.x - half];
    const bend = (x1 - x0) * 0.45;
    context.moveTo(x0, start.y);
    context.bezierCurveTo(x0 + bend, start.y, x1 - bend, from.y, x1, from.y);
  }
  context.stroke();
}
