// The cart on its track with the pole on it, to scale; the arrow is the force of the action.

import { css, classColour } from "../../core/colours.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

const DEGREES = 180 / Math.PI;

export function drawCart(context, { frame, timeStep }, area, colours) {
  const { track, pole, fallen } = frame.story;
  const [position, , angle] = frame.moments.physical.subarray(4 * timeStep, 4 * timeStep + 4);
  const metre = Math.min(area.width / (2 * track + 0.9), (area.height - 44 * LARGE) / (pole + 0.5)); // in pixels
  const ground = area.y + area.height - 24 * LARGE;
  const x = (metres) => area.x + area.width / 2 + metres * metre;
  const [width, height] = [0.5 * metre, 0.26 * metre];
  const pivot = { x: x(position), y: ground - height - 0.08 * metre };
  drawTrack(context, { x, ground, track, area }, colours);
  drawAngleLimits(context, pivot, pole * metre, fallen, colours);
  drawBody(context, pivot, { width, height, ground, metre }, colours);
  drawPole(context, pivot, { length: pole * metre, angle, metre }, colours);
  if (timeStep < frame.actions.length)
    drawForce(context, { ...pivot, y: pivot.y + height / 2 }, frame.actions[timeStep], { width, metre });
  writeState(context, frame, timeStep, area, colours);
}

function drawTrack(context, { x, ground, track, area }, colours) {
  context.strokeStyle = colours.edge;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x(-track), ground);
  context.lineTo(x(track), ground);
  for (const end of [-track, track]) {
    context.moveTo(x(end), ground - 14);
    context.lineTo(x(end), ground + 4);
  }
  context.stroke();
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const metres of [-track, 0, track])
    context.fillText(`${metres} m`, Math.min(area.x + area.width - 14, Math.max(area.x + 14, x(metres))), ground + 7);
}

/** Dashed lines at the angles at which the pole has fallen. */
function drawAngleLimits(context, { x, y }, length, fallen, colours) {
  context.strokeStyle = colours.edge;
  context.lineWidth = 1;
  context.setLineDash([3, 4]);
  context.beginPath();
  for (const side of [-fallen, fallen]) {
    context.moveTo(x, y);
    context.lineTo(x + 1.1 * length * Math.sin(side), y - 1.1 * length * Math.cos(side));
  }
  context.stroke();
  context.setLineDash([]);
}

function drawBody(context, { x, y }, { width, height, ground, metre }, colours) {
  context.fillStyle = colours.bars;
  context.beginPath();
  context.roundRect(x - width / 2, y, width, height, 4);
  context.fill();
  for (const side of [-0.3, 0.3]) disc(context, x + side * width, ground - 0.05 * metre, 0.06 * metre, colours.strong);
}

function drawPole(context, { x, y }, { length, angle, metre }, colours) {
  context.strokeStyle = css(classColour(5));
  context.lineWidth = Math.max(4, 0.07 * metre);
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + length * Math.sin(angle), y - length * Math.cos(angle));
  context.stroke();
  disc(context, x, y, Math.max(3, 0.045 * metre), colours.strong);
}

/** An arrow in the direction of the action. */
function drawForce(context, { x, y }, action, { width, metre }) {
  const side = action === 1 ? 1 : -1;
  const tail = x + (side * width) / 2 + side * 6;
  const tip = tail + side * 0.36 * metre;
  context.strokeStyle = context.fillStyle = css(classColour(action));
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(tail, y);
  context.lineTo(tip, y);
  context.stroke();
  context.beginPath();
  context.moveTo(tip + side * 8, y);
  context.lineTo(tip - side * 2, y - 6);
  context.lineTo(tip - side * 2, y + 6);
  context.fill();
}

/** Time, position, speed and angle as numbers. */
function writeState(context, { moments, story }, timeStep, area, colours) {
  const [position, speed, angle] = moments.physical.subarray(4 * timeStep, 4 * timeStep + 4);
  const numbers = { time: timeStep * story.tick, position, speed, angle: angle * DEGREES };
  const values = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, number(value)]));
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(t("panel.episode.cart_numbers", values), area.x, area.y);
}

function disc(context, x, y, radius, colour) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}
