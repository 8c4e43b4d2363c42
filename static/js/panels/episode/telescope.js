// A night: the weather until now, the window of every target, and when it was observed, with success or without.

import { classColour, css } from "../../core/colours.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

const WEATHER = ["clear", "thin", "overcast"];
const OPACITY = [0, 0.35, 0.9]; // of a slot with this weather
const MARGIN = { left: 58 * LARGE, right: 20 * LARGE, top: 20 * LARGE, bottom: 20 * LARGE };

/** Observations { target, first, end, success, decision }, and the reward that was received before every decision. */
export function prepareNight({ moments, story, actions }) {
  const { priority } = story.targets;
  const observations = [];
  const rewards = [0];
  for (let decision = 0; decision < actions.length; decision++) {
    const [first, end] = moments.slot.subarray(decision, decision + 2);
    const target = story.observed[first];
    const success = target >= 0 && moments.completed[(decision + 1) * priority.length + target] === 1;
    if (target >= 0) observations.push({ target, first, end, success, decision });
    rewards.push(rewards[decision] + (success ? priority[target] : 0));
  }
  return { observations, rewards };
}

export function drawNight(context, { frame, timeStep, sceneData }, area, colours) {
  const { targets, weather } = frame.story;
  const count = targets.rise.length;
  const night = { frame, timeStep, now: frame.moments.slot[timeStep], area, ...scales(area, count, weather.length) };
  context.font = FONT;
  context.lineWidth = 1;
  drawTitle(context, night, sceneData.rewards[timeStep], colours);
  drawWeather(context, night, colours);
  for (let target = 0; target < count; target++) drawTarget(context, night, target, colours);
  const until = sceneData.observations.filter(({ decision }) => decision < timeStep);
  for (const observation of until) drawObservation(context, night, observation, colours);
  context.fillStyle = colours.accent;
  context.fillRect(night.x(night.now) - 1, night.plot.y, 2, night.plot.height);
  context.textBaseline = "bottom";
  context.fillStyle = colours.muted;
  context.fillText(t("panel.episode.night_legend"), area.x, area.y + area.height, area.width);
}

/** The area of the slots, the x coordinate of a slot, and the row of a target; row 0 is the weather. */
function scales(area, targets, slots) {
  const plot = {
    x: area.x + MARGIN.left,
    y: area.y + MARGIN.top,
    width: area.width - MARGIN.left - MARGIN.right,
    height: area.height - MARGIN.top - MARGIN.bottom,
  };
  const height = plot.height / (targets + 1);
  const row = (index) => {
    const middle = plot.y + height * (index + 0.5);
    return { top: middle - height * 0.36, height: height * 0.72, middle };
  };
  return { plot, row, x: (slot) => plot.x + (plot.width * slot) / slots };
}

function drawTitle(context, { frame, timeStep, now, area }, reward, colours) {
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillStyle = colours.text;
  const values = { slot: integer(now), weather: weatherName(frame, timeStep), reward: integer(reward) };
  context.fillText(t("panel.episode.night", values), area.x, area.y, area.width);
}

/** The weather until now; that to come is not known. */
function drawWeather(context, { frame, now, area, row, x }, colours) {
  const { weather } = frame.story;
  const { top, height, middle } = row(0);
  context.fillStyle = colours.muted;
  for (let slot = 0; slot < Math.min(now + 1, weather.length); slot++) {
    context.globalAlpha = OPACITY[weather[slot]];
    context.fillRect(x(slot), top, x(slot + 1) - x(slot), height);
  }
  context.globalAlpha = 1;
  context.strokeStyle = colours.edge;
  context.strokeRect(x(0), top, x(weather.length) - x(0), height);
  context.textBaseline = "middle";
  context.fillText(t("panel.episode.night_weather"), area.x, middle, MARGIN.left - 6);
}

/** Left of the window number, brightness and priority; right of it the slots it needs, or how it ended. */
function drawTarget(context, { frame, timeStep, now, area, plot, row, x }, target, colours) {
  const { rise, set, needed, priority, bright } = frame.story.targets;
  const { top, height, middle } = row(target + 1);
  const isComplete = frame.moments.completed[timeStep * set.length + target] === 1;
  const isLost = !isComplete && Math.max(now, rise[target]) + needed[target] > set[target];
  context.fillStyle = colours.faint;
  context.strokeStyle = colours.edge;
  context.fillRect(x(rise[target]), top, x(set[target]) - x(rise[target]), height);
  context.strokeRect(x(rise[target]), top, x(set[target]) - x(rise[target]), height);
  context.textBaseline = "middle";
  context.fillStyle = isLost ? colours.muted : colours.text;
  context.fillText(`${target + 1} ${bright[target] ? "★" : "☆"} +${priority[target]}`, area.x, middle);
  context.fillText(isComplete ? "✓" : isLost ? "✗" : integer(needed[target]), plot.x + plot.width + 6, middle);
}

/** Filled if it was completed; an outline with a cross if the weather ended it. */
function drawObservation(context, { row, x }, { target, first, end, success }, colours) {
  const { top, height } = row(target + 1);
  const [left, width] = [x(first) + 1, x(end) - x(first) - 2];
  context.fillStyle = context.strokeStyle = css(classColour(target));
  if (success) return context.fillRect(left, top + 1, width, height - 2);
  context.fillStyle = colours.panel;
  context.fillRect(left, top + 1, width, height - 2);
  context.lineWidth = 1.5;
  context.strokeRect(left, top + 1, width, height - 2);
  context.beginPath();
  context.moveTo(left, top + 1);
  context.lineTo(left + width, top + height - 1);
  context.moveTo(left, top + height - 1);
  context.lineTo(left + width, top + 1);
  context.stroke();
  context.lineWidth = 1;
}

const weatherName = ({ moments }, timeStep) => t(`panel.episode.weather.${WEATHER[moments.weather[timeStep]]}`);

export function nightStatus(frame, timeStep) {
  const count = frame.story.targets.set.length;
  const completed = frame.moments.completed.subarray(timeStep * count, (timeStep + 1) * count);
  return t("panel.episode.night_status", {
    slot: frame.moments.slot[timeStep],
    weather: weatherName(frame, timeStep),
    completed: completed.filter((each) => each === 1).length,
    count,
  });
}
