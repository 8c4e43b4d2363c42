// Marks of edits on the graph: a cross for a disabled unit, a snowflake for frozen weights; and weight images.

import { pictureImage } from "../shared/images.js";
import { pointOnEdge } from "./pick.js";

const SNOWFLAKE_RADIUS = 4;
const MAX_MARKS = 400;

/** Draws the marks over the units; `network` is the current frame with the layers of the layout, or null. */
export function drawMarks(context, state, layout, network) {
  const config = state.run?.config;
  const layers = state.parameters?.run === state.run?.id ? state.parameters.layers : [];
  if (network) drawHoveredEdge(context, layout, state);
  if (network?.layers[0].pictures) drawWeightImages(context, layout, network.layers[0]);
  layout.columns.forEach((column, index) => {
    if (index === 0) return;
    const { off: disabled, frozen } = layers[column.layer] ?? {};
    for (const unit of disabled ?? []) {
      if (unit < column.shown) drawCross(context, layout.unitCentre(index, unit), column.tile, state.colours);
    }
    if (frozen) drawFrozenMarks(context, layout, index, frozen, state.colours);
    else if (config?.layers[column.layer]?.frozen) {
      for (let unit = 0; unit < column.shown; unit++) drawSnowflakeAtUnit(context, layout, index, unit, state.colours);
    }
  });
}

/** The edge under the pointer, or a ring around the dot of a bias. */
function drawHoveredEdge(context, layout, { hoveredEdge, colours }) {
  const index = layout.columns.findIndex(({ layer }) => layer === hoveredEdge?.layer);
  if (index < 1) return;
  const { unit, source } = hoveredEdge;
  context.beginPath();
  if (source === "bias") {
    const { x, y } = cornerOf(layout, index, unit, -1, 1, 0);
    context.arc(x, y, 8, 0, 2 * Math.PI);
  } else {
    for (let i = 0; i <= 24; i++) {
      const { x, y } = pointOnEdge(layout, index, source, unit, i / 24);
      context.lineTo(x, y);
    }
  }
  context.strokeStyle = colours.strong;
  context.lineWidth = 1.5;
  context.stroke();
}

function drawCross(context, { x, y }, tile, colours) {
  const half = tile / 2;
  context.globalAlpha = 0.72;
  context.fillStyle = colours.panel;
  context.fillRect(x - half, y - half, tile, tile);
  context.globalAlpha = 1;
  context.strokeStyle = colours.warning;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - half, y - half);
  context.lineTo(x + half, y + half);
  context.moveTo(x + half, y - half);
  context.lineTo(x - half, y + half);
  context.stroke();
}

/** One mark at a unit whose weights are all frozen, else one on each frozen edge. */
function drawFrozenMarks(context, layout, index, frozen, colours) {
  const column = layout.columns[index];
  const isShown = (source) => source < layout.columns[index - 1].shown;
  let remaining = MAX_MARKS;
  for (let unit = 0; unit < column.shown; unit++) {
    if (frozen.every((row) => row[unit])) drawSnowflakeAtUnit(context, layout, index, unit, colours);
    else frozen.forEach((row, source) => {
      if (!row[unit] || remaining-- <= 0) return;
      const bias = source === frozen.length - 1;
      if (bias) drawSnowflake(context, cornerOf(layout, index, unit, -1, 1), colours);
      else if (isShown(source)) drawSnowflake(context, pointOnEdge(layout, index, source, unit, 0.8), colours);
    });
  }
}

function cornerOf(layout, index, unit, across, down, distance = 7) {
  const { x, y } = layout.unitCentre(index, unit);
  const half = layout.columns[index].tile / 2;
  return { x: x + across * (half + (down > 0 ? distance : 0)), y: y + down * half };
}

const drawSnowflakeAtUnit = (context, layout, index, unit, colours) =>
  drawSnowflake(context, cornerOf(layout, index, unit, 1, -1), colours);

function drawSnowflake(context, { x, y }, colours) {
  context.beginPath();
  context.arc(x, y, SNOWFLAKE_RADIUS + 2, 0, 2 * Math.PI);
  context.fillStyle = colours.panel;
  context.fill();
  context.beginPath();
  for (let i = 0; i < 3; i++) {
    const angle = (i * Math.PI) / 3 + 0.5;
    const [dx, dy] = [Math.cos(angle) * SNOWFLAKE_RADIUS, Math.sin(angle) * SNOWFLAKE_RADIUS];
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
  }
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5;
  context.stroke();
}

/** Draws the weights of each unit of the first layer as an image, for inputs that form one. */
function drawWeightImages(context, layout, { pictures }) {
  const column = layout.columns[1];
  for (let unit = 0; unit < Math.min(column.shown, pictures.shape[0]); unit++) {
    const { x, y } = layout.unitCentre(1, unit);
    const { tile } = column;
    context.imageSmoothingEnabled = false;
    context.drawImage(pictureImage(pictures, unit), x - tile / 2, y - tile / 2, tile, tile);
  }
}
