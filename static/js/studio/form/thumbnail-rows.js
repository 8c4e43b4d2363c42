// Thumbnails of data sets whose rows are time series or images. Loaded with the first such data set.

import { CLASSES, css } from "../../core/colours.js";

/** A time series of each class, one below the other. */
export function drawSeries(canvas, rows, targets) {
  const context = canvas.getContext("2d");
  const classes = [...new Set(targets)].sort((a, b) => a - b).slice(0, 3);
  const height = canvas.height / classes.length;
  classes.forEach((name, index) => {
    const row = rows[targets.indexOf(name)];
    const [low, high] = [Math.min(...row), Math.max(...row)];
    const toX = (i) => 5 + ((canvas.width - 10) * i) / (row.length - 1);
    const toY = (value) => (index + 0.88) * height - (0.76 * height * (value - low)) / (high - low || 1);
    context.beginPath();
    row.forEach((value, i) => context.lineTo(toX(i), toY(value)));
    context.strokeStyle = css(CLASSES[name % CLASSES.length]);
    context.lineWidth = 2.5;
    context.stroke();
  });
}

/** Where the inputs are pixels: the first four images. */
export function drawImages(canvas, rows, { rows: height, columns: width, high }) {
  const context = canvas.getContext("2d");
  const cell = (canvas.width / 2 - 4) / Math.max(width, height);
  rows.forEach((row, index) => {
    const [left, top] = [(index % 2) * (canvas.width / 2) + 2, Math.floor(index / 2) * (canvas.height / 2) + 2];
    row.forEach((value, i) => {
      context.fillStyle = `rgba(128, 132, 148, ${value / high})`;
      context.fillRect(left + (i % width) * cell, top + Math.floor(i / width) * cell, cell + 0.5, cell + 0.5);
    });
  });
}
