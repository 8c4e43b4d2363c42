// The recorded past of the run: its recorded steps, its events and its best measured point.

import { api } from "../core/api.js";

const INTERVAL = 2000; // ms between two requests while the run trains

export const emptyLog = (run, attempt) => ({ run, attempt, steps: [], epochs: [], events: [], best: null });

/** Keeps `timeline.log` up to date; `onNewAttempt()` is called when the page gets another run or attempt. */
export function followLog(store, onNewAttempt) {
  const log = { store, timer: 0, requestedAt: -Infinity, key: "" };
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
    log.key = key;
    clearTimeout(log.timer);
    log.timer = 0;
    refresh(log);
  } else if (run.status === "running") {
    log.timer ||= setTimeout(() => refresh(log), INTERVAL);
  }
}

async function refresh(log) {
  const { store } = log;
  const { id, attempt } = store.get().run;
  const answers = await Promise.all(["checkpoints", "events", "attempts"].map((name) => read(id, name)))
    .catch(() => null); // the next request repeats it
  log.timer = 0;
  const { timeline } = store.get();
  if (!answers || timeline.log.run !== id || timeline.log.attempt !== attempt) return;
  const [{ steps, epochs, attempt: recorded }, { events }, { attempts }] = answers;
  if (recorded !== attempt) return;
  const best = attempts.find((other) => other.attempt === attempt)?.best ?? null;
  store.set({ timeline: { ...timeline, log: { run: id, attempt, steps, epochs, events, best } } });
}

const read = (id, name) => api.answer(fetch(`/api/runs/${id}/${name}`));
