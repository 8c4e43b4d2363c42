// What the policy would do at a moment, as bars; and how undecided it was over the whole episode.

import { classColour, css } from "../../core/colours.js";
import { number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

/** One row per action: its name, a bar for its probability, a mark at the one taken. */
export function drawPolicy(context, { frame, moment }, area, colours) {
  const count = frame.names.length;
  const at = Math.min(moment, frame.actions.length - 1);
  const over = moment >= frame.actions.length;
  const row = Math.min(34 * LARGE, (area.height - 18 * LARGE) / count);
  const label = 62 * LARGE;
  const wide = area.width - label - 42 * LARGE;
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  context.fillText(over ? t("panel.episode.over") : t("panel.episode.probabilities"), area.x, area.y + 8 * LARGE);
  for (let action = 0; action < count; action++) {
    const y = area.y + 18 * LARGE + row * (action + 0.5);
    const share = over ? 0 : frame.policy[at * count + action];
    const taken = !over && frame.actions[at] === action;
    context.fillStyle = taken ? colours.strong : colours.text;
    context.font = taken ? `bold ${FONT}` : FONT;
    context.fillText(`${taken ? "▸ " : ""}${frame.names[action]}`, area.x, y);
    context.font = FONT;
    context.fillStyle = colours.faint;
    context.fillRect(area.x + label, y - row * 0.28, wide, row * 0.56);
    context.fillStyle = css(classColour(action));
    context.fillRect(area.x + label, y - row * 0.28, wide * share, row * 0.56);
    context.fillStyle = colours.text;
    if (!over) context.fillText(percent(share), area.x + label + wide + 6, y);
  }
}

/** Entropy at every moment, from 0 to that of a policy that does not care; the cursor is now. */
export function drawTimeline(context, { frame, moment }, area, colours) {
  const most = Math.log(frame.names.length);
  const count = frame.actions.length;
  const top = area.y + 13 * LARGE;
  const height = area.height - 13 * LARGE;
  const x = (t) => area.x + (area.width * t) / Math.max(1, count);
  const y = (value) => top + height - (height * value) / most;
  context.font = FONT;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  const text =
    moment < count
      ? t("panel.episode.entropy_now", { entropy: number(frame.entropy[moment]), max: number(most) })
      : t("panel.episode.entropy");
  context.fillText(text, area.x, area.y - 1);
  context.fillStyle = colours.faint;
  context.fillRect(area.x, top, area.width, height);
  context.beginPath();
  context.moveTo(area.x, top + height);
  for (let t = 0; t < count; t++) {
    context.lineTo(x(t), y(frame.entropy[t]));
    context.lineTo(x(t + 1), y(frame.entropy[t]));
  }
  context.lineTo(x(count), top + height);
  context.fillStyle = colours.bars;
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([4, 4]);
  context.strokeStyle = colours.muted;
  context.strokeRect(area.x, top + 0.5, area.width, 0);
  context.setLineDash([]);
  context.fillStyle = colours.accent;
  context.fillRect(x(Math.min(moment, count)) - 1, top - 3, 2, height + 3);
}
