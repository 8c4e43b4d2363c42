// The one animation loop: it draws, within a frame, the panels that read something that changed, and sleeps otherwise.

const BUDGET = 12; // ms of drawing per frame
const CALM_INTERVAL = 250; // prefers-reduced-motion: 4 updates a second

/**
 * Draw panels when the store changes. A panel is { needs: [keys or pickers], draw(state), interval?, visible?() }:
 * `interval` (ms) keeps an expensive one from drawing more often. Returns `add(panels)`, `stop()` and the counters.
 */
export function startRendering(store, panels, { calm = () => false } = {}) {
  const jobs = panels.map(jobFor);
  const counters = { frames: 0, draws: {} };
  let request = 0;
  let first = 0;
  const wake = () => {
    if (!request && !document.hidden) request = requestAnimationFrame(frame);
  };
  const frame = (now) => {
    request = 0;
    counters.frames += 1;
    const state = store.get();
    const began = performance.now();
    let waiting = false;
    for (let i = 0; i < jobs.length; i++) {
      const job = jobs[(first + i) % jobs.length];
      waiting = drawIfDue(job, state, now, calm(), counters) || waiting;
      if (performance.now() - began < BUDGET) continue;
      // What did not fit goes first in the next frame.
      first = (first + i + 1) % jobs.length;
      return wake();
    }
    first = 0;
    if (waiting) wake();
  };
  const undo = [store.watch(wake), onEvent(document, "visibilitychange", wake), onEvent(window, "resize", () => redrawAll(jobs, wake))];
  wake();
  const stop = () => {
    cancelAnimationFrame(request);
    undo.forEach((stop) => stop());
  };
  const add = (more) => {
    jobs.push(...more.map(jobFor));
    wake();
  };
  return { add, stop, counters };
}

const jobFor = (panel) => ({ panel, drawnValues: new Map(), drawnAt: -Infinity });

/** Draw one panel if it must and may; true when it must but has to wait for its interval. */
function drawIfDue(job, state, now, calm, counters) {
  const { panel, drawnValues } = job;
  if (!panel.needs.some((key) => !drawnValues.has(key) || !Object.is(drawnValues.get(key), read(state, key)))) return false;
  if (panel.section?.hidden || (panel.visible && !panel.visible(state))) return false;
  const interval = Math.max(panel.interval ?? 0, calm && panel.moving ? CALM_INTERVAL : 0);
  if (now - job.drawnAt < interval) return true;
  for (const key of panel.needs) drawnValues.set(key, read(state, key));
  job.drawnAt = now;
  panel.draw(state);
  counters.draws[panel.name] = (counters.draws[panel.name] ?? 0) + 1;
  return false;
}

/** A need is a key of the state, or a function that picks a part of it. */
const read = (state, key) => (typeof key === "function" ? key(state) : state[key]);

function redrawAll(jobs, wake) {
  for (const job of jobs) job.drawnValues.clear();
  wake();
}

function onEvent(target, type, listener) {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}
