// The cart on its track with the pole, drawn to scale; an arrow shows the force of the action.

import { css, classColour } from "../../core/colours.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

const DEGREES = 180 / Math.PI;

export function drawCart(context, { frame, timeStep }, area, colours) {
  const { track, pole, fallen } = frame.story;
  const [position, , angle] = frame.moments.physical.subarray(4 * timeStep, 4 * timeStep + 4);
  const pixelsPerMetre = Math.min(area.width / (2 * track + 0.9), (area.height - 44 * LARGE) / (pole + 0.5));
  const groundY = area.y + area.height - 24 * LARGE;
  const x = (metres) => area.x + area.width / 2 + metres * pixelsPerMetre;
  const [width, height] = [0.5 * pixelsPerMetre, 0.26 * pixelsPerMetre];
  const pivot = { x: x(position), y: groundY - height - 0.08 * pixelsPerMetre };
  drawTrack(context, { x, groundY, track, area }, colours);
  drawAngleLimits(context, pivot, pole * pixelsPerMetre, fallen, colours);
  drawBody(context, pivot, { width, height, groundY, pixelsPerMetre }, colours);
  drawPole(context, pivot, { length: pole * pixelsPerMetre, angle, pixelsPerMetre }, colours);
  if (timeStep < frame.actions.length)
    drawForce(context, { ...pivot, y: pivot.y + height / 2 }, frame.actions[timeStep], { width, pixelsPerMetre });
  drawState(context, frame, timeStep, area, colours);
}

function drawTrack(context, { x, groundY, track, area }, colours) {
  context.strokeStyle = colours.edge;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x(-track), groundY);
  context.lineTo(x(track), groundY);
  for (const end of [-track, track]) {
    context.moveTo(x(end), groundY - 14);
    context.lineTo(x(end), groundY + 4);
  }
  context.stroke();
  context.font = FONT;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const metres of [-track, 0, track])
    context.fillText(`${metres} m`, Math.min(area.x + area.width - 14, Math.max(area.x + 14, x(metres))), groundY + 7);
}

/** Dashed lines at the angles at which the episode ends. */
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

function drawBody(context, { x, y }, { width, height, groundY, pixelsPerMetre }, colours) {
  context.fillStyle = colours.bars;
  context.beginPath();
  context.roundRect(x - width / 2, y, width, height, 4);
  context.fill();
  const [y1, radius] = [groundY - 0.05 * pixelsPerMetre, 0.06 * pixelsPerMetre];
  for (const side of [-0.3, 0.3]) disc(context, x + side * width, y1, radius, colours.strong);
}

function drawPole(context, { x, y }, { length, angle, pixelsPerMetre }, colours) {
  context.strokeStyle = css(classColour(5));
  context.lineWidth = Math.max(4, 0.07 * pixelsPerMetre);
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + length * Math.sin(angle), y - length * Math.cos(angle));
  context.stroke();
  disc(context, x, y, Math.max(3, 0.045 * pixelsPerMetre), colours.strong);
}

/** An arrow in the direction of the action. */
function drawForce(context, { x, y }, action, { width, pixelsPerMetre }) {
  const side = action === 1 ? 1 : -1;
  const tail = x + (side * width) / 2 + side * 6;
  const tip = tail + side * 0.36 * pixelsPerMetre;
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
function drawState(context, { moments, story }, timeStep, area, colours) {
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
