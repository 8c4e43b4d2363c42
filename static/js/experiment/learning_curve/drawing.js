// Draws the learning curve: medians and quartiles of both parts against the number of examples, on log axes.

import { themeColours } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../../panels/shared/axes.js";
import { fitCanvas } from "../../panels/shared/panel.js";

const MARGIN = { left: 56 * LARGE, right: 16, top: 28 * LARGE, bottom: 40 * LARGE }; // as the text grows
const FACTORS = [1, 2, 5];
const LABEL_WIDTH = 44 * LARGE; // CSS pixels of a number below the horizontal axis

/** The colours and dashes of both parts. */
export const partStyles = (colours) => ({
  train: { colour: colours.muted, dash: [6, 4] },
  test: { colour: colours.accent, dash: [] },
});

/** Draws `sizes` of one curve; an error of 0 has no place on a logarithmic axis and is left out. */
export function draw(canvas, sizes, label) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (width < 120 || height < 100) return;
  fitCanvas(canvas, width, height);
  setAttribute(canvas, "aria-label", label);
  const [context, colours] = [canvas.getContext("2d"), themeColours()];
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  const plot = placesIn(sizes, width, height);
  drawAxes(context, sizes, plot, colours);
  for (const [part, style] of Object.entries(partStyles(colours))) drawPart(context, sizes, part, style, plot);
}

function placesIn(sizes, width, height) {
  const errors = sizes.flatMap(({ train, test }) => [...train.errors, ...test.errors]).filter((error) => error > 0);
  const [low, high] = errors.length ? [Math.min(...errors) / 1.1, Math.max(...errors) * 1.1] : [0.01, 1];
  const [first, last] = [sizes[0].samples / 1.05, sizes.at(-1).samples * 1.05];
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const share = (value, from, to) => Math.log(value / from) / Math.log(to / from);
  return {
    low, high, right, bottom,
    toX: (samples) => MARGIN.left + (right - MARGIN.left) * share(samples, first, last),
    toY: (error) => bottom - (bottom - MARGIN.top) * share(error, low, high),
  };
}

function drawAxes(context, sizes, { low, high, right, bottom, toX, toY }, colours) {
  context.strokeStyle = colours.line;
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const error of FACTORS.map((factor) => factor * 10 ** power)) {
      if (error < low || error > high) continue;
      context.strokeRect(MARGIN.left, Math.round(toY(error)) + 0.5, right - MARGIN.left, 0);
      context.fillText(number(error), MARGIN.left - 6, toY(error));
    }
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  let end = -Infinity;
  for (const { samples } of sizes) {
    const x = toX(samples);
    context.strokeRect(Math.round(x) + 0.5, MARGIN.top, 0, bottom - MARGIN.top);
    if (x - end < LABEL_WIDTH) continue;
    context.fillText(integer(samples), x, bottom + 5);
    end = x;
  }
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.fillText(t("experiment.learning_curve.examples"), right, bottom + 22 * LARGE);
  context.textAlign = "left";
  context.fillText(t("experiment.learning_curve.error"), 4, 4);
}

function drawPart(context, sizes, part, { colour, dash }, { low, toX, toY }) {
  const known = sizes.filter((size) => size[part].median > 0);
  const y = (error) => toY(Math.max(error, low));
  context.fillStyle = context.strokeStyle = colour;
  context.globalAlpha = 0.18;
  context.beginPath();
  for (const size of known) context.lineTo(toX(size.samples), y(size[part].quartiles[1]));
  for (const size of [...known].reverse()) context.lineTo(toX(size.samples), y(size[part].quartiles[0]));
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.setLineDash(dash);
  context.beginPath();
  for (const size of known) context.lineTo(toX(size.samples), y(size[part].median));
  context.stroke();
  context.setLineDash([]);
  for (const size of sizes) {
    for (const error of size[part].errors) {
      if (!(error > 0)) continue;
      context.globalAlpha = 0.5;
      context.beginPath();
      context.arc(toX(size.samples), y(error), 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}
