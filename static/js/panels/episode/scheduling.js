// The units of the machine over the next ticks with the running jobs, and the waiting jobs in slots and backlog.

import { classColour, css } from "../../core/colours.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT, LARGE } from "../shared/axes.js";

const TICKS = 16; // drawn, from the current tick on
const jobColour = (job) => css(classColour(job % 7));

/** Map from job to the units it occupies: the lowest units that are free when it starts. */
export function assignUnits({ story }) {
  const { jobs, capacity } = story;
  const freeAt = new Array(capacity).fill(0);
  const order = Array.from(jobs.start.keys())
    .filter((job) => jobs.started[job] >= 0)
    .sort((a, b) => jobs.started[a] - jobs.started[b]);
  const unitsOfJob = new Map();
  for (const job of order) {
    const units = freeAt
      .map((tick, unit) => [tick, unit])
      .filter(([tick]) => tick <= jobs.start[job])
      .slice(0, jobs.demand[job])
      .map(([, unit]) => unit);
    units.forEach((unit) => (freeAt[unit] = jobs.start[job] + jobs.length[job]));
    unitsOfJob.set(job, units);
  }
  return unitsOfJob;
}

export function drawMachine(context, { frame, timeStep, sceneData }, area, colours) {
  const machine = { ...area, height: area.height * 0.54 };
  const queue = { ...area, y: area.y + machine.height + 4, height: area.height - machine.height - 4 };
  drawRunning(context, { frame, timeStep, unitsOfJob: sceneData }, machine, colours);
  drawQueue(context, { frame, timeStep }, queue, colours);
}

function drawRunning(context, { frame, timeStep, unitsOfJob }, area, colours) {
  const { capacity } = frame.story;
  const now = frame.moments.tick[timeStep];
  const grid = { x: area.x + 8, y: area.y + 16 * LARGE, width: area.width - 8, height: area.height - 32 * LARGE };
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(t("panel.episode.machine", { tick: integer(now), capacity }), area.x, area.y);
  context.fillStyle = colours.faint;
  context.fillRect(grid.x, grid.y, grid.width, grid.height);
  fillRunningJobs(context, { frame, timeStep, unitsOfJob }, grid);
  drawTicks(context, grid, colours);
}

/** Every running job over the units it occupies and the ticks that remain. */
function fillRunningJobs(context, { frame, timeStep, unitsOfJob }, grid) {
  const { jobs, capacity } = frame.story;
  const now = frame.moments.tick[timeStep];
  const [width, height] = [grid.width / TICKS, grid.height / capacity];
  for (const [job, units] of unitsOfJob) {
    const remaining = Math.min(TICKS, jobs.start[job] + jobs.length[job] - now);
    if (jobs.started[job] >= timeStep || remaining <= 0) continue;
    context.fillStyle = jobColour(job);
    for (const unit of units)
      context.fillRect(grid.x, grid.y + grid.height - (unit + 1) * height, remaining * width, height - 0.5);
  }
}

function drawTicks(context, { x, y, width, height }, colours) {
  context.strokeStyle = colours.panel;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 1; i < TICKS; i++) {
    context.moveTo(x + (i * width) / TICKS, y);
    context.lineTo(x + (i * width) / TICKS, y + height);
  }
  context.stroke();
  context.strokeStyle = colours.edge;
  context.strokeRect(x, y, width, height);
  context.fillStyle = colours.muted;
  context.fillText(t("panel.episode.now"), x, y + height + 3);
  context.textAlign = "right";
  context.fillText(t("panel.episode.ahead", { count: TICKS }), x + width, y + height + 3);
}

/** One row per slot: its number and the job waiting in it. */
function drawQueue(context, { frame, timeStep }, area, colours) {
  const { slots } = frame.moments;
  const { jobs, capacity } = frame.story;
  const count = slots.shape[1];
  const jobOfArrival = new Map(Array.from(jobs.arrival, (arrival, job) => [arrival, job]));
  const row = { x: area.x, width: area.width, height: (area.height - 14 * LARGE) / count };
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (let slot = 0; slot < count; slot++) {
    const job = jobOfArrival.get(slots[timeStep * count + slot]);
    const size = job === undefined ? null : { length: jobs.length[job], demand: jobs.demand[job] };
    row.y = area.y + row.height * (slot + 0.5);
    drawSlot(context, { slot, job, size, capacity }, row, colours);
  }
  context.textBaseline = "bottom";
  context.fillStyle = colours.muted;
  context.fillText(queueText(frame.moments.backlog[timeStep]), area.x, area.y + area.height);
}

/** A waiting job has the length it will have in the machine; the row's height is half the capacity. `row.y`: middle. */
function drawSlot(context, { slot, job, size, capacity }, row, colours) {
  const left = row.x + 22 * LARGE;
  const tick = (row.width - 22 * LARGE - 60 * LARGE) / TICKS;
  const height = row.height * 0.84;
  context.fillStyle = colours.muted;
  context.fillText(String(slot + 1), row.x + 6, row.y);
  context.strokeStyle = colours.line;
  context.strokeRect(left, row.y - row.height * 0.42, TICKS * tick, height);
  if (!size) return;
  const jobHeight = Math.min(height, Math.max(2, (height * size.demand) / (capacity / 2)));
  context.fillStyle = jobColour(job);
  context.fillRect(left, row.y + row.height * 0.42 - jobHeight, size.length * tick, jobHeight);
  context.fillStyle = colours.text;
  context.fillText(`${size.length} × ${size.demand}`, left + TICKS * tick + 6, row.y);
}

const queueText = (backlog) =>
  backlog ? t("panel.episode.queue_backlog", { count: integer(backlog) }) : t("panel.episode.queue");
