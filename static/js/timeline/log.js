// The recorded past of the present attempt: its recorded steps and its events.

import { api } from "../core/api.js";
import { presentAttempt, readAttempts } from "./attempts.js";

const INTERVAL = 2000; // ms between two requests for the recorded steps while the run trains
// A run that pauses is stored a moment later: ms until the request is repeated, and how often.
const STORED_AFTER = 400;
const MAX_REPEATS = 8;

export const emptyLog = (run, attempt) => ({ run, attempt, steps: [], epochs: [], norms: [], events: [] });

/** Keeps the log up to date; `onNewAttempt()` is called when the shown one is no longer that of the page's run. */
export function followLog(store, onNewAttempt) {
  const log = { store, onNewAttempt, timer: 0, key: "", requests: 0, repeats: 0 };
  store.watch((state, changed) => {
    if (changed.includes("run")) runChanged(log);
    if (changed.includes("lastEvent")) eventArrived(log, state.lastEvent.event.type);
    // Frames may be missing after the connection was lost.
    if (changed.includes("connection") && state.connection === "open") readAll(log);
  });
  log.key = keyOf(store.get().run);
  readAll(log);
}

const keyOf = ({ id, attempt, status, step }) => `${id}/${attempt}/${status === "running" || step}/${status}`;

/** The log of the present attempt, and its key in the time line. */
const presentLog = ({ log, presentLog: present }) => present ?? log;
const change = (store, changes) => {
  const { timeline } = store.get();
  const key = timeline.presentLog ? "presentLog" : "log";
  store.set({ timeline: { ...timeline, [key]: { ...timeline[key], ...changes } } });
};

function runChanged(log) {
  const { run, timeline } = log.store.get();
  if (!run) return;
  const present = presentLog(timeline);
  if (present.run !== run.id || present.attempt !== run.attempt) return beginAttempt(log);
  const key = keyOf(run);
  if (key !== log.key) {
    Object.assign(log, { key, repeats: 0 });
    readSteps(log);
  } else if (run.status === "running") {
    log.timer ||= setTimeout(() => readSteps(log), INTERVAL);
  }
}

/** An earlier attempt of the same run stays shown. */
function beginAttempt(log) {
  const { run, timeline } = log.store.get();
  const empty = emptyLog(run.id, run.attempt);
  const isOtherRun = presentLog(timeline).run !== run.id;
  const staysShown = !isOtherRun && timeline.attempt !== null;
  Object.assign(log, { key: keyOf(run), repeats: 0 });
  log.store.set({
    timeline: staysShown ? { ...timeline, presentLog: empty }
      : { ...timeline, ...(isOtherRun ? presentAttempt() : {}), log: empty },
  });
  if (!staysShown) log.onNewAttempt();
  readAll(log);
}

function readAll(log) {
  readSteps(log);
  readEvents(log);
  readAttempts(log.store).catch(() => {}); // the next reset or connection repeats it
}

function eventArrived(log, type) {
  if (type === "bookmarks") return;
  readEvents(log);
  if (type === "attempts_deleted") readAttempts(log.store).catch(() => {});
}

async function readSteps(log) {
  const { store } = log;
  const request = ++log.requests;
  clearTimeout(log.timer);
  const { id, attempt } = store.get().run;
  const answer = await api.read(id, "checkpoints").catch(() => null); // the next request repeats it
  if (request !== log.requests) return;
  log.timer = 0;
  const state = store.get();
  const isStored = answer?.steps.at(-1) >= state.run.step;
  if (state.run.status !== "running" && !isStored && log.repeats++ < MAX_REPEATS) {
    log.timer = setTimeout(() => readSteps(log), STORED_AFTER);
  }
  const present = presentLog(state.timeline);
  if (!answer || present.run !== id || present.attempt !== attempt || answer.attempt !== attempt) return;
  change(store, { steps: answer.steps, epochs: answer.epochs, norms: answer.update_norms });
}

/** Reads the events after the newest one in the log. */
async function readEvents({ store }) {
  const { run: id, attempt, events: before } = presentLog(store.get().timeline);
  const last = before.at(-1)?.seq ?? -1;
  const answer = await api.read(id, `events?after=${last}`).catch(() => null); // the next event repeats it
  const { run, attempt: current, events } = presentLog(store.get().timeline);
  if (!answer || run !== id || current !== attempt || answer.attempt !== attempt) return;
  const newest = events.at(-1)?.seq ?? -1;
  const added = answer.events.filter(({ seq }) => seq > newest);
  if (added.length) change(store, { events: [...events, ...added] });
}
