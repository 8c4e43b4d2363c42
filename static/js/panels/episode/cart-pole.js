// The cart on its track with the pole on it, to scale; the arrow is the push that was given.

import { css, classColour } from "../../core/colours.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

const DEGREES = 180 / Math.PI;

export function drawCart(context, { frame, moment }, area, colours) {
  const { track, pole, fallen } = frame.story;
  const [place, speed, angle] = frame.moments.physical.subarray(4 * moment, 4 * moment + 4);
  const metre = Math.min(area.width / (2 * track + 0.9), (area.height - 44 * LARGE) / (pole + 0.5));
  const ground = area.y + area.height - 24 * LARGE;
  const x = (metres) => area.x + area.width / 2 + metres * metre;
  rail(context, { x, ground, track, area }, colours);
  const [wide, high] = [0.5 * metre, 0.26 * metre];
  const pivot = { x: x(place), y: ground - high - 0.08 * metre };
  limits(context, pivot, pole * metre, fallen, colours);
  context.fillStyle = colours.bars;
  context.beginPath();
  context.roundRect(pivot.x - wide / 2, pivot.y, wide, high, 4);
  context.fill();
  for (const side of [-0.3, 0.3])
    disc(context, pivot.x + side * wide, ground - 0.05 * metre, 0.06 * metre, colours.strong);
  context.strokeStyle = css(classColour(5));
  context.lineWidth = Math.max(4, 0.07 * metre);
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(pivot.x, pivot.y);
  context.lineTo(pivot.x + pole * metre * Math.sin(angle), pivot.y - pole * metre * Math.cos(angle));
  context.stroke();
  disc(context, pivot.x, pivot.y, Math.max(3, 0.045 * metre), colours.strong);
  if (moment < frame.actions.length)
    push(context, { ...pivot, y: pivot.y + high / 2 }, frame.actions[moment], wide, metre, colours);
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(
    t("panel.episode.cart_numbers", {
      time: number(moment * frame.story.tick),
      position: number(place),
      speed: number(speed),
      angle: number(angle * DEGREES),
    }),
    area.x,
    area.y,
  );
}

function rail(context, { x, ground, track, area }, colours) {
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

/** How far the pole may lean. */
function limits(context, { x, y }, length, fallen, colours) {
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

function push(context, { x, y }, action, wide, metre, colours) {
  const side = action === 1 ? 1 : -1;
  const tail = x + (side * wide) / 2 + side * 6;
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

function disc(context, x, y, radius, colour) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}
