// The attempts of the run: the present one, and earlier ones, which are shown with their own steps, events and curves.

import { api } from "../core/api.js";
import { fromAnswer } from "../core/history.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";

/** Of the time line: `attempt` is the chosen earlier attempt, null for the present one; `presentLog` its log then. */
export const presentAttempt = () => ({ attempt: null, attempts: [], presentLog: null });

export const shownAttempt = ({ timeline, run }) => timeline.attempt ?? run.attempt;

/** The last step of the shown attempt. */
export const newestStep = ({ timeline, run }) => (timeline.attempt === null ? run.step : timeline.log.last);

/** "attempt 2 of 3", counted from 1; of all attempts, also of those that were deleted. */
export const attemptText = (state, attempt = shownAttempt(state)) =>
  t("timeline.attempt.shown", { number: integer(attempt + 1), count: integer(state.run.attempt + 1) });

/** A text that follows the attempt, if there is more than one. */
export function withAttempt(state, position, attempt) {
  if (!state.run.attempt) return position;
  return t("timeline.attempt.with_position", { attempt: attemptText(state, attempt), position });
}

/** Reads the attempts that are recorded. */
export async function readAttempts(store) {
  const { id } = store.get().run;
  const { attempts } = await api.read(id, "attempts");
  const { run, timeline } = store.get();
  if (run.id === id) store.set({ timeline: { ...timeline, attempts } });
}

/**
 * Makes an earlier attempt the shown one, at once with its log and history; the caller then shows a step of it.
 * Resolves to false if the page has another run or chose another attempt meanwhile; rejects if it was deleted.
 */
export async function openAttempt(store, attempt) {
  const before = store.get();
  if (before.timeline.attempt === attempt) return true;
  const { id } = before.run;
  const paths = ["checkpoints", "events", "history"].map((name) => `${name}?attempt=${attempt}`);
  const answers = await Promise.all([...paths, "attempts"].map((path) => api.read(id, path)));
  const { run, timeline, history, presentHistory } = store.get();
  if (run.id !== id || timeline.attempt !== before.timeline.attempt) return false;
  const [{ steps, epochs, update_norms: norms }, { events }, measured, { attempts }] = answers;
  const last = attempts.find((other) => other.attempt === attempt)?.step;
  if (attempt === run.attempt || last === undefined) return false;
  const log = { run: id, attempt, steps, epochs, norms, events, last };
  const presentLog = timeline.presentLog ?? timeline.log;
  const play = { ...timeline.play, part: null };
  store.set({
    timeline: { ...timeline, attempt, attempts, log, presentLog, play },
    history: fromAnswer(measured), presentHistory: presentHistory ?? history,
  });
  return true;
}

/** Makes the present attempt the shown one. */
export function leaveAttempt(store) {
  const { timeline, presentHistory } = store.get();
  if (timeline.attempt === null) return;
  const play = { ...timeline.play, part: null };
  store.set({
    timeline: { ...timeline, attempt: null, log: timeline.presentLog, presentLog: null, play },
    ...(presentHistory ? { history: presentHistory, presentHistory: null } : {}),
  });
}
