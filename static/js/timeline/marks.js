// Drawing of the time line on a canvas: axis, recorded steps, strip of changes, marks, bookmarks, the handle.

import { marksOf } from "./bookmarks.js";
import { integer } from "../core/formats.js";
import { kindOf } from "./event-text.js";
import { freePlace, groups } from "./mark-places.js";
import { bestOf } from "./measured.js";
import { labelledSteps } from "./scale.js";
import { drawStrip } from "./strip.js";
import { markOfA } from "../reference/mark.js";

/** Pixels left and right of the axis, and from the top to the axis. */
export const PAD = 12;
export const AXIS = 25;
const [HANDLE, STAR, EVENT, SEVERAL] = [6, 6.2, 4, 6]; // radii
const KINDS = ["problem", "change", "pause"]; // a mark of several events has the colour of the first of these
const OVERLAP = 5; // pixels
const FLAG = { width: 8, height: 11, top: 1 };
const STRIP_TOP = 4;

/** `scale` is that of the axis, `step` the shown one, or null; `hover` a position in pixels or null. */
export function drawTimeline(context, { scale, step, state, hover, width, height }) {
  const { colours, history, timeline } = state;
  const { log, play } = timeline;
  context.clearRect(0, 0, width, height);
  const x = (value) => PAD + scale.x(value);
  const draw = { context, colours, x };
  if (play.part) part(draw, play.part);
  drawStrip(draw, log, { top: STRIP_TOP, bottom: AXIS - 2, shown: step });
  axis(draw, scale, log.steps, step);
  labels(draw, scale, height);
  markOfA(draw, state, AXIS, marksOf(state));
  if (hover !== null) hairline(draw, PAD + hover);
  handle(draw, step ?? scale.last, step !== null);
  marks(draw, log.events, bestOf(history), step ?? scale.last);
  for (const bookmark of marksOf(state)) flag(draw, x(bookmark.step));
}

/** Events and the best point; those that the handle would hide, or the best point, stand above the axis. */
function marks(draw, events, bestPoint, shown) {
  const taken = [{ x: draw.x(shown), y: 0, radius: HANDLE + 1 }];
  const star = bestPoint && freePlace(draw.x(bestPoint.step), STAR, taken);
  if (star) taken.push(star);
  for (const group of groups(events, draw.x, OVERLAP, kindOf, KINDS)) {
    event(draw, group, freePlace(group.x, group.count > 1 ? SEVERAL : EVENT, taken));
  }
  if (star) best(draw, star);
}

function part({ context, colours, x }, [first, last]) {
  context.globalAlpha = 0.18;
  context.fillStyle = colours.accent;
  context.fillRect(x(first), 2, Math.max(2, x(last) - x(first)), AXIS);
  context.globalAlpha = 1;
}

/** The axis, with a short tick at every recorded step; at most one in a pixel. */
function axis({ context, colours, x }, scale, steps, shown) {
  context.fillStyle = colours.line;
  context.fillRect(x(scale.first), AXIS - 1, scale.width, 2);
  context.fillStyle = colours.edge ?? colours.muted;
  const pixels = new Set(steps.map((step) => Math.round(x(step))));
  for (const pixel of pixels) context.fillRect(pixel - 0.5, AXIS + 1, 1, 3);
  context.fillStyle = shown === null ? colours.muted : colours.accent;
  context.fillRect(x(scale.first), AXIS - 1, x(shown ?? scale.last) - x(scale.first), 2);
}

function labels({ context, colours, x }, scale, height) {
  context.font = "10.5px system-ui, sans-serif";
  context.fillStyle = colours.muted;
  context.textBaseline = "bottom";
  for (const step of labelledSteps(scale)) {
    context.textAlign = step === scale.first ? "left" : step === scale.last ? "right" : "center";
    const edge = step === scale.first ? -4 : step === scale.last ? 4 : 0;
    context.fillText(integer(step), x(step) + edge, height - 1);
  }
}

/** A diamond, a small circle for an interruption, or a circle with the number of events. */
function event({ context, colours }, { kind, count }, place) {
  context.save();
  context.translate(place.x, AXIS + place.y);
  context.beginPath();
  if (count > 1) context.arc(0, 0, SEVERAL, 0, 2 * Math.PI);
  else if (kind === "pause") context.arc(0, 0, 2.5, 0, 2 * Math.PI);
  else [[0, -EVENT], [EVENT, 0], [0, EVENT], [-EVENT, 0]].forEach((point) => context.lineTo(...point));
  context.closePath();
  context.fillStyle = { problem: colours.warning, pause: colours.panel, change: colours.text }[kind];
  context.strokeStyle = kind === "pause" ? colours.muted : colours.panel;
  context.lineWidth = 1.2;
  context.fill();
  context.stroke();
  if (count > 1) numberOf(context, count, colours);
  context.restore();
}

function numberOf(context, count, colours) {
  context.font = "700 9px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colours.panel;
  context.fillText(count > 9 ? "9+" : integer(count), 0, 0.5);
}

/** A star at the best measured point. */
function best({ context, colours }, { x, y }) {
  context.beginPath();
  for (let i = 0; i < 10; i++) {
    const [radius, angle] = [i % 2 ? 2.6 : STAR, (i * Math.PI) / 5 - Math.PI / 2];
    context.lineTo(x + radius * Math.cos(angle), AXIS + y + radius * Math.sin(angle));
  }
  context.closePath();
  context.fillStyle = colours.accent;
  context.strokeStyle = colours.panel;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
}

/** A ribbon at the upper edge, above the step of a bookmark. */
function flag({ context, colours }, x) {
  const { width, height, top } = FLAG;
  context.fillStyle = colours.strong;
  context.fillRect(x - 0.5, top, 1, AXIS - top - 2);
  context.beginPath();
  const points = [[-width / 2, 0], [width / 2, 0], [width / 2, height], [0, height - 4], [-width / 2, height]];
  for (const [right, down] of points) context.lineTo(x + right, top + down);
  context.closePath();
  context.lineWidth = 1.5;
  context.strokeStyle = colours.panel;
  context.stroke();
  context.fill();
}

function hairline({ context, colours }, x) {
  context.fillStyle = colours.muted;
  context.fillRect(Math.round(x), 2, 1, AXIS + 2);
}

function handle({ context, colours, x }, step, inHistory) {
  const colour = inHistory ? colours.accent : colours.strong;
  context.fillStyle = colour;
  context.fillRect(x(step) - 1, 2, 2, AXIS - 2);
  context.beginPath();
  context.arc(x(step), AXIS, HANDLE, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = colours.panel;
  context.fill();
  context.stroke();
}
