// The score of every episode as a dot in the strip of its policy, with the mean and its standard error.

import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT } from "../shared/axes.js";
import { rangeOf } from "../shared/chart.js";
import { fitCanvas } from "../shared/panel.js";
import { ticks } from "../shared/scales.js";

const AXIS_HEIGHT = 20;

export function drawStrips({ canvas, box }, frame, colours) {
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 120 || height < 60) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const scale = scoreScale(frame, width);
  const strip = (height - AXIS_HEIGHT) / frame.policies.length;
  context.font = FONT;
  context.textBaseline = "middle";
  frame.policies.forEach((policy, i) => {
    const row = { y: strip * (i + 0.5), height: strip };
    drawName(context, policy, row, scale, colours);
    context.fillStyle = policy.learned ? colours.accent : colours.bars;
    drawEpisodes(context, policy.values, row, scale);
    drawMean(context, policy, row, scale);
  });
  drawAxis(context, frame.score, scale, height, colours);
  setAttribute(canvas, "aria-label", description(frame));
}

/** The range of all scores, and the conversion to x coordinates right of the names. */
function scoreScale({ policies, judged }, width) {
  const left = Math.min(152, width * 0.36);
  const origin = judged === "slowdown" ? 1 : 0; // always inside the range
  const [low, high] = rangeOf(...policies.map(({ values }) => values), [origin]);
  const pad = (high - low) * 0.03;
  const toX = (score) => left + ((width - left - 14) * (score - low + pad)) / (high - low + 2 * pad);
  return { low, high, left, width, toX };
}

function drawName(context, { title, learned }, { y }, { left }, colours) {
  context.textAlign = "left";
  context.fillStyle = learned ? colours.strong : colours.text;
  context.fillText(title, 10, y, left - 16);
}

/** The dots, spread over half the height of the strip, so that equal scores do not cover each other. */
function drawEpisodes(context, values, { y, height }, { toX }) {
  context.globalAlpha = 0.32;
  values.forEach((value, i) => {
    const offset = ((i * 37) % 17) / 17 - 0.5;
    context.beginPath();
    context.arc(toX(value), y + offset * height * 0.5, 2.2, 0, 2 * Math.PI);
    context.fill();
  });
  context.globalAlpha = 1;
}

function drawMean(context, { mean, error }, { y, height }, { toX }) {
  const [left, right] = [toX(mean - error), toX(mean + error)];
  context.fillRect(left, y - 1.5, Math.max(2, right - left), 3);
  context.fillRect(toX(mean) - 1.5, y - height * 0.32, 3, height * 0.64);
}

function drawAxis(context, name, { low, high, left, width, toX }, height, colours) {
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const value of ticks(low, high, Math.max(2, (width - left) / 70)))
    context.fillText(number(value), toX(value), height - 3);
  context.textAlign = "left";
  context.fillText(name, 10, height - 3);
}

function description({ policies, score }) {
  const parts = policies.map(({ title, mean, error }) =>
    t("panel.comparison.description", { policy: title, score, mean: number(mean), error: number(error) }),
  );
  return parts.join("; ");
}
