// The animation loop: in each frame it draws the panels whose state changed; without changes no frame is requested.

import { listen } from "./dom.js";

const BUDGET = 12; // ms of drawing per frame
const CALM_INTERVAL = 250; // prefers-reduced-motion: 4 updates a second

/**
 * Draws panels when the store changes. A panel is { needs: [keys or selectors], draw(state), interval?, visible?() }:
 * `interval` is the minimum time between two drawings in ms. Returns `add(panels)`, `stop()`, the counters,
 * and `isWaiting`: whether a panel is still to be drawn.
 */
export function startRendering(store, panels, { calm = () => false } = {}) {
  const loop = { store, calm, jobs: panels.map(jobFor), first: 0, request: 0, counters: { frames: 0, draws: {} } };
  loop.wake = () => {
    if (!loop.request && !document.hidden) loop.request = requestAnimationFrame((now) => drawFrame(loop, now));
  };
  const listeners = [
    store.watch(loop.wake),
    listen(document, "visibilitychange", loop.wake),
    listen(window, "resize", () => redrawAll(loop)),
  ];
  loop.wake();
  const stop = () => {
    cancelAnimationFrame(loop.request);
    listeners.forEach((remove) => remove());
  };
  const add = (added) => {
    loop.jobs.push(...added.map(jobFor));
    loop.wake();
  };
  return { add, stop, counters: loop.counters, get isWaiting() { return loop.request !== 0; } };
}

const jobFor = (panel) => ({ panel, drawn: new Map(), drawnAt: -Infinity });

function drawFrame(loop, now) {
  const { jobs, counters } = loop;
  loop.request = 0;
  counters.frames += 1;
  const start = performance.now();
  let waiting = false;
  for (let i = 0; i < jobs.length; i++) {
    const job = jobs[(loop.first + i) % jobs.length];
    // Not one state for all jobs: a panel may set a part of the state that the next one extends.
    waiting = drawIfDue(job, loop.store.get(), now, loop.calm(), counters) || waiting;
    if (performance.now() - start < BUDGET) continue;
    // The next frame begins with the panels that were not drawn in this one.
    loop.first = (loop.first + i + 1) % jobs.length;
    return loop.wake();
  }
  loop.first = 0;
  if (waiting) loop.wake();
}

/** Draws a panel if its state changed and its interval is over. Returns true if it must wait for its interval. */
function drawIfDue(job, state, now, calm, counters) {
  const { panel, drawn } = job;
  if (!panel.needs.some((need) => !drawn.has(need) || !Object.is(drawn.get(need), valueOf(state, need)))) return false;
  if (panel.section?.hidden || (panel.visible && !panel.visible(state))) return false;
  const interval = Math.max(panel.interval ?? 0, calm && panel.moving ? CALM_INTERVAL : 0);
  if (now - job.drawnAt < interval) return true;
  for (const need of panel.needs) drawn.set(need, valueOf(state, need));
  job.drawnAt = now;
  panel.draw(state);
  counters.draws[panel.name] = (counters.draws[panel.name] ?? 0) + 1;
  return false;
}

/** The value of a need: a key of the state, or a function that selects a part of it. */
const valueOf = (state, need) => (typeof need === "function" ? need(state) : state[need]);

function redrawAll({ jobs, wake }) {
  for (const job of jobs) job.drawn.clear();
  wake();
}
