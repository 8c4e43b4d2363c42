// Rows of the training and of the test data on canvas, as curves or as images.

import { cividis } from "../../core/cividis.js";
import { pack } from "../../core/colours.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";
import { fitCanvas } from "../shared/panel.js";

export const ROWS = 3; // shown of each part
const HEADING_HEIGHT = 18 * LARGE;
const LABEL_HEIGHT = 14 * LARGE;

/** Values of one row of an array of the shape (rows, features). */
export const rowOf = (array, row) => array.subarray(row * array.shape[1], (row + 1) * array.shape[1]);

/** Draws a column per part of the data. */
export function drawRows(canvas, frame, { width, height, colours }) {
  if (width < 40 || height < 60) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const parts = Object.entries(frame.rows);
  const columnWidth = width / parts.length;
  parts.forEach(([name, rows], column) => {
    const area = { x: column * columnWidth + 4, width: columnWidth - 8, height };
    drawHeading(context, name, rows, area, colours);
    drawColumn(context, rows, area, colours, frame.image);
  });
}

function drawHeading(context, name, { first, total }, { x, width }, colours) {
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textAlign = "left";
  context.textBaseline = "top";
  const values = { first: integer(first + 1), total: integer(total) };
  context.fillText(t(`panel.reconstruction.rows.${name}`, values), x, 2, width);
}

function drawColumn(context, rows, { x, width, height }, colours, image) {
  const rowHeight = (height - HEADING_HEIGHT) / ROWS;
  for (let row = 0; row < rows.noisy.shape[0]; row++) {
    const area = { x, width, y: HEADING_HEIGHT + row * rowHeight, height: rowHeight - 6 };
    const arrays = ["noisy", "clean", "reconstructed", "lost"].map((name) => rowOf(rows[name], row));
    if (image) drawImages(context, arrays, area, image);
    else drawCurves(context, arrays, area, colours);
    if (rows.kinds) drawLabel(context, rows.kinds[row], area, colours);
  }
}

/** The noisy values as dots, the original dashed, the reconstruction as a line; removed values hatched. */
function drawCurves(context, [noisy, clean, reconstructed, lost], { x, y, width, height }, colours) {
  const [low, high] = extent([noisy, clean, reconstructed]);
  const toX = (i) => x + (width * (i + 0.5)) / clean.length;
  const toY = (value) => y + height - ((value - low) / (high - low || 1)) * (height - 4) - 2;
  context.fillStyle = colours.faint ?? colours.line;
  lost.forEach((isLost, i) => isLost && context.fillRect(toX(i - 0.5), y, width / clean.length + 0.5, height));
  context.strokeStyle = colours.line;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.fillStyle = colours.muted;
  noisy.forEach((value, i) => !lost[i] && context.fillRect(toX(i) - 1.2, toY(value) - 1.2, 2.4, 2.4));
  strokeLine(context, reconstructed, toX, toY, { colour: colours.accent, width: 2.2, dash: [] });
  strokeLine(context, clean, toX, toY, { colour: colours.text, width: 1.1, dash: [4, 3] });
}

/** The lowest and highest finite value of some arrays. */
function extent(arrays) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of arrays)
    for (const value of values)
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

function strokeLine(context, values, toX, toY, { colour, width, dash }) {
  context.save();
  context.beginPath();
  values.forEach((value, i) => Number.isFinite(value) && context.lineTo(toX(i), toY(value)));
  context.strokeStyle = colour;
  context.lineWidth = width * LARGE;
  context.setLineDash(dash);
  context.stroke();
  context.restore();
}

/** Three images side by side: noisy input, original, reconstruction, in the range of the original. */
function drawImages(context, [noisy, clean, reconstructed], { x, y, width, height }, [rows, columns]) {
  const [low, high] = extent([clean]);
  const side = Math.min(height - LABEL_HEIGHT, width / 3 - 6);
  context.imageSmoothingEnabled = false;
  [noisy, clean, reconstructed].forEach((values, i) => {
    const canvas = new OffscreenCanvas(columns, rows);
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    values.forEach((value, k) => (pixels[k] = pack(cividis((value - low) / (high - low || 1)))));
    canvas.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(canvas, x + i * (side + 6), y + LABEL_HEIGHT, side, side);
  });
}

/** The class of a row in the upper right corner. */
function drawLabel(context, text, { x, y, width }, colours) {
  context.font = FONT;
  const textWidth = context.measureText(text).width;
  context.fillStyle = colours.panel;
  context.fillRect(x + width - textWidth - 10, y + 2, textWidth + 8, LABEL_HEIGHT);
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText(text, x + width - 6, y + 3);
}
