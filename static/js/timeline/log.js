// The recorded past of the run: its recorded steps, its events and its best measured point.

import { api } from "../core/api.js";

const INTERVAL = 2000; // ms between two requests while the run trains
// A run that pauses is stored a moment later: ms until the request is repeated, and how often.
const STORED_AFTER = 400;
const MAX_REPEATS = 8;

export const emptyLog = (run, attempt) => ({ run, attempt, steps: [], epochs: [], events: [], best: null });

/** Keeps `timeline.log` up to date; `onNewAttempt()` is called when the page gets another run or attempt. */
export function followLog(store, onNewAttempt) {
  const log = { store, timer: 0, key: "", requests: 0, repeats: 0 };
  const update = (_, changed) => changed.includes("run") && runChanged(log, onNewAttempt);
  store.watch(update);
  runChanged(log, () => {});
}

function runChanged(log, onNewAttempt) {
  const { run, timeline } = log.store.get();
  if (!run) return;
  if (timeline.log.run !== run.id || timeline.log.attempt !== run.attempt) {
    log.store.set({ timeline: { ...timeline, log: emptyLog(run.id, run.attempt) } });
    onNewAttempt();
  }
  const key = `${run.id}/${run.attempt}/${run.status === "running" || run.step}/${run.status}`;
  if (key !== log.key) {
    Object.assign(log, { key, repeats: 0 });
    refresh(log);
  } else if (run.status === "running") {
    log.timer ||= setTimeout(() => refresh(log), INTERVAL);
  }
}

async function refresh(log) {
  const { store } = log;
  const request = ++log.requests;
  clearTimeout(log.timer);
  const { id, attempt } = store.get().run;
  const answers = await Promise.all(["checkpoints", "events", "attempts"].map((name) => api.read(id, name)))
    .catch(() => null); // the next request repeats it
  if (request !== log.requests) return;
  log.timer = 0;
  const { timeline, run } = store.get();
  if (run.status !== "running" && !(answers?.[0].steps.at(-1) >= run.step) && log.repeats++ < MAX_REPEATS) {
    log.timer = setTimeout(() => refresh(log), STORED_AFTER);
  }
  if (!answers || timeline.log.run !== id || timeline.log.attempt !== attempt) return;
  const [{ steps, epochs, attempt: recorded }, { events }, { attempts }] = answers;
  if (recorded !== attempt) return;
  const best = attempts.find((other) => other.attempt === attempt)?.best ?? null;
  store.set({ timeline: { ...timeline, log: { run: id, attempt, steps, epochs, events, best } } });
}
