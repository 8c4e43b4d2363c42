// Marks of edits on the graph: a cross for a disabled unit, a snowflake for frozen weights; and weight images.

import { pictureImage } from "../shared/heat-map.js";
import { along } from "./pick.js";

const FLAKE_RADIUS = 4;
const MAX_MARKS = 400;

/** Draws the marks over the units; `network` is the frame that fits the shape, or null. */
export function drawMarks(context, state, shape, network) {
  const config = state.run?.config;
  const layers = state.parameters?.run === state.run?.id ? state.parameters.layers : [];
  if (network?.layers[0].pictures) weightImages(context, shape, network.layers[0]);
  shape.columns.forEach((column, index) => {
    if (index === 0) return;
    const { off, frozen } = layers[column.layer] ?? {};
    for (const unit of off ?? []) {
      if (unit < column.shown) cross(context, shape.place(index, unit), column.tile, state.colours);
    }
    if (frozen) frozenMarks(context, shape, index, frozen, state.colours);
    else if (config?.layers[column.layer]?.frozen) {
      for (let unit = 0; unit < column.shown; unit++) flakeAtUnit(context, shape, index, unit, state.colours);
    }
  });
}

function cross(context, { x, y }, tile, colours) {
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
function frozenMarks(context, shape, index, frozen, colours) {
  const column = shape.columns[index];
  let remaining = MAX_MARKS;
  for (let unit = 0; unit < column.shown; unit++) {
    if (frozen.every((row) => row[unit])) flakeAtUnit(context, shape, index, unit, colours);
    else frozen.forEach((row, source) => {
      if (!row[unit] || remaining-- <= 0) return;
      const bias = source === frozen.length - 1;
      if (bias) flake(context, corner(shape, index, unit, -1, 1), colours);
      else if (source < shape.columns[index - 1].shown) flake(context, along(shape, index, source, unit, 0.8), colours);
    });
  }
}

function corner(shape, index, unit, across, down) {
  const { x, y } = shape.place(index, unit);
  const half = shape.columns[index].tile / 2;
  return { x: x + across * (half + (down > 0 ? 7 : 0)), y: y + down * half };
}

const flakeAtUnit = (context, shape, index, unit, colours) =>
  flake(context, corner(shape, index, unit, 1, -1), colours);

function flake(context, { x, y }, colours) {
  context.beginPath();
  context.arc(x, y, FLAKE_RADIUS + 2, 0, 2 * Math.PI);
  context.fillStyle = colours.panel;
  context.fill();
  context.beginPath();
  for (let i = 0; i < 3; i++) {
    const angle = (i * Math.PI) / 3 + 0.5;
    const [dx, dy] = [Math.cos(angle) * FLAKE_RADIUS, Math.sin(angle) * FLAKE_RADIUS];
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
  }
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5;
  context.stroke();
}

/** Units of the first layer show their weights as an image, where the inputs are one. */
function weightImages(context, shape, { pictures }) {
  const column = shape.columns[1];
  for (let unit = 0; unit < Math.min(column.shown, pictures.shape[0]); unit++) {
    const { x, y } = shape.place(1, unit);
    const { tile } = column;
    context.imageSmoothingEnabled = false;
    context.drawImage(pictureImage(pictures, unit), x - tile / 2, y - tile / 2, tile, tile);
  }
}
