// The machine's units over the next ticks with the jobs that run, and the jobs that wait in slots and backlog.

import { classColour, css } from "../../core/colours.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

const AHEAD = 16; // ticks drawn
const jobColour = (job) => css(classColour(job % 7));

/** Which units each job holds: the lowest that are free when it starts. */
export function placed({ story }) {
  const { jobs, capacity } = story;
  const freeAt = new Array(capacity).fill(0);
  const order = Array.from(jobs.start.keys())
    .filter((j) => jobs.started[j] >= 0)
    .sort((a, b) => jobs.started[a] - jobs.started[b]);
  const units = new Map();
  for (const j of order) {
    const held = freeAt
      .map((tick, unit) => [tick, unit])
      .filter(([tick]) => tick <= jobs.start[j])
      .slice(0, jobs.demand[j])
      .map(([, unit]) => unit);
    held.forEach((unit) => (freeAt[unit] = jobs.start[j] + jobs.length[j]));
    units.set(j, held);
  }
  return units;
}

export function drawMachine(context, { frame, moment, prepared }, area, colours) {
  const machine = { ...area, height: area.height * 0.54 };
  running(context, { frame, moment, units: prepared }, machine, colours);
  queue(
    context,
    { frame, moment },
    { ...area, y: area.y + machine.height + 4, height: area.height - machine.height - 4 },
    colours,
  );
}

function running(context, { frame, moment, units }, area, colours) {
  const { jobs, capacity } = frame.story;
  const now = frame.moments.tick[moment];
  const grid = { x: area.x + 8, y: area.y + 16 * LARGE, width: area.width - 8, height: area.height - 32 * LARGE };
  const [tick, unit] = [grid.width / AHEAD, grid.height / capacity];
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(t("panel.episode.machine", { tick: integer(now), capacity }), area.x, area.y);
  context.fillStyle = colours.faint;
  context.fillRect(grid.x, grid.y, grid.width, grid.height);
  for (const [job, held] of units) {
    const left = Math.min(AHEAD, jobs.start[job] + jobs.length[job] - now);
    if (jobs.started[job] >= moment || left <= 0) continue;
    context.fillStyle = jobColour(job);
    for (const each of held)
      context.fillRect(grid.x, grid.y + grid.height - (each + 1) * unit, left * tick, unit - 0.5);
  }
  context.strokeStyle = colours.panel;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 1; i < AHEAD; i++) {
    context.moveTo(grid.x + i * tick, grid.y);
    context.lineTo(grid.x + i * tick, grid.y + grid.height);
  }
  context.stroke();
  context.strokeStyle = colours.edge;
  context.strokeRect(grid.x, grid.y, grid.width, grid.height);
  context.fillStyle = colours.muted;
  context.fillText(t("panel.episode.now"), grid.x, grid.y + grid.height + 3);
  context.textAlign = "right";
  context.fillText(t("panel.episode.ahead", { count: AHEAD }), grid.x + grid.width, grid.y + grid.height + 3);
}

/** Each waiting job as long and as high as it will lie in the machine; the number is its slot. */
function queue(context, { frame, moment }, area, colours) {
  const { jobs, capacity } = frame.story;
  const count = frame.moments.slots.shape[1];
  const place = new Map(Array.from(jobs.arrival, (arrival, job) => [arrival, job]));
  const [row, left] = [(area.height - 14 * LARGE) / count, area.x + 22 * LARGE];
  const tick = (area.width - 22 * LARGE - 60 * LARGE) / AHEAD;
  context.font = FONT;
  context.textBaseline = "middle";
  for (let slot = 0; slot < count; slot++) {
    const job = place.get(frame.moments.slots[moment * count + slot]);
    const y = area.y + row * (slot + 0.5);
    context.textAlign = "left";
    context.fillStyle = colours.muted;
    context.fillText(String(slot + 1), area.x + 6, y);
    context.strokeStyle = colours.line;
    context.strokeRect(left, y - row * 0.42, AHEAD * tick, row * 0.84);
    if (job === undefined) continue;
    const high = Math.max(2, (row * 0.84 * jobs.demand[job]) / (capacity / 2));
    context.fillStyle = jobColour(job);
    context.fillRect(
      left,
      y + row * 0.42 - Math.min(high, row * 0.84),
      jobs.length[job] * tick,
      Math.min(high, row * 0.84),
    );
    context.fillStyle = colours.text;
    context.fillText(`${jobs.length[job]} × ${jobs.demand[job]}`, left + AHEAD * tick + 6, y);
  }
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillStyle = colours.muted;
  const beyond = frame.moments.backlog[moment];
  context.fillText(
    beyond ? t("panel.episode.queue_backlog", { count: integer(beyond) }) : t("panel.episode.queue"),
    area.x,
    area.y + area.height,
  );
}
