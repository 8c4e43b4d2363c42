// The action probabilities at a time step as bars, and the entropy of the policy over the whole episode.

import { classColour, css } from "../../core/colours.js";
import { number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

/** One row per action: its name, a bar for its probability, and a mark at the selected action. */
export function drawPolicy(context, { frame, timeStep }, area, colours) {
  const count = frame.names.length;
  const isOver = timeStep >= frame.actions.length;
  const title = 18 * LARGE;
  const row = { ...area, height: Math.min(34 * LARGE, (area.height - title) / count) };
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  context.fillText(isOver ? t("panel.episode.over") : t("panel.episode.probabilities"), area.x, area.y + 8 * LARGE);
  for (let action = 0; action < count; action++) {
    const probability = isOver ? null : frame.policy[timeStep * count + action];
    const taken = !isOver && frame.actions[timeStep] === action;
    row.y = area.y + title + row.height * (action + 0.5);
    drawAction(context, { action, name: frame.names[action], probability, taken }, row, colours);
  }
}

/** `row.y` is the middle of the row; without a probability the bar is empty. */
function drawAction(context, { action, name, probability, taken }, row, colours) {
  const label = 62 * LARGE;
  const width = row.width - label - 42 * LARGE;
  const [x, top, height] = [row.x + label, row.y - row.height * 0.28, row.height * 0.56];
  context.fillStyle = taken ? colours.strong : colours.text;
  context.font = taken ? `bold ${FONT}` : FONT;
  context.fillText(`${taken ? "▸ " : ""}${name}`, row.x, row.y, label - 3);
  context.font = FONT;
  context.fillStyle = colours.faint;
  context.fillRect(x, top, width, height);
  if (probability === null) return;
  context.fillStyle = css(classColour(action));
  context.fillRect(x, top, width * probability, height);
  context.fillStyle = colours.text;
  context.fillText(percent(probability), x + width + 6, row.y);
}

/** The entropy at every time step, from 0 to that of the uniform policy; a line marks the current time step. */
export function drawTimeline(context, { frame, timeStep }, area, colours) {
  const max = Math.log(frame.names.length);
  const count = frame.actions.length;
  const title = 13 * LARGE;
  const plot = { ...area, y: area.y + title, height: area.height - title };
  const x = (step) => plot.x + (plot.width * step) / Math.max(1, count);
  const y = (value) => plot.y + plot.height - (plot.height * value) / max;
  context.font = FONT;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  context.fillText(timelineTitle(frame, timeStep, max), area.x, area.y - 1);
  context.fillStyle = colours.faint;
  context.fillRect(plot.x, plot.y, plot.width, plot.height);
  fillEntropy(context, frame.entropy, { x, y }, colours);
  context.setLineDash([4, 4]);
  context.strokeStyle = colours.muted;
  context.strokeRect(plot.x, plot.y + 0.5, plot.width, 0);
  context.setLineDash([]);
  context.fillStyle = colours.accent;
  context.fillRect(x(Math.min(timeStep, count)) - 1, plot.y - 3, 2, plot.height + 3);
}

function timelineTitle({ actions, entropy }, timeStep, max) {
  if (timeStep >= actions.length) return t("panel.episode.entropy");
  return t("panel.episode.entropy_now", { entropy: number(entropy[timeStep]), max: number(max) });
}

/** The area below the entropy, a step function. */
function fillEntropy(context, entropy, { x, y }, colours) {
  context.beginPath();
  context.moveTo(x(0), y(0));
  for (let step = 0; step < entropy.length; step++) {
    context.lineTo(x(step), y(entropy[step]));
    context.lineTo(x(step + 1), y(entropy[step]));
  }
  context.lineTo(x(entropy.length), y(0));
  context.fillStyle = colours.bars;
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
}
