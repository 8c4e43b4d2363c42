// The last trained runs that this tab has shown; kept for the session of the tab, so that a reload does not lose them.

import { api } from "../core/api.js";

const KEY = "perceptarium-recent";
const MAX = 10;

/** [{ id, step, attempt, train_loss, test_loss, config, made }], the one left last first; `made`: by this page. */
export const recentRuns = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");

/** Adds the runs that the page leaves. Beyond MAX, those made by this page are deleted unless they are kept. */
export function followRecent(store, session) {
  let last = store.get().run;
  if (recentRuns().find(({ id }) => id === last.id)?.made) session.made.add(last.id);
  write(store, recentRuns().filter(({ id }) => id !== last.id));
  const leave = (run, next) => {
    const others = recentRuns().filter(({ id }) => id !== run.id && id !== next?.id);
    const isTrained = run.step > 0 || run.attempt > 0;
    write(store, isTrained ? [entryOf(run, session), ...others] : others);
  };
  const reset = ({ run, history }) => {
    if (run.id !== last.id) leave(last, run);
    last = { ...run, latest: run.latest ?? newest(history) };
  };
  store.watch((state, changed) => changed.includes("run") && state.run && reset(state));
  addEventListener("pagehide", () => leave(last, null));
}

function entryOf({ id, step, attempt, latest, config }, session) {
  return {
    id, step, attempt, config, train_loss: latest?.train_loss ?? null, test_loss: latest?.test_loss ?? null,
    made: session.made.has(id),
  };
}

const newest = ({ columns }) => ({ train_loss: columns.train_loss.at(-1), test_loss: columns.test_loss.at(-1) });

function write(store, runs) {
  for (const { id, made } of runs.slice(MAX)) {
    if (made && id !== store.get().reference?.run) api.discard(id).catch(() => null);
  }
  sessionStorage.setItem(KEY, JSON.stringify(runs.slice(0, MAX)));
  store.set({ hasRecent: runs.length > 0 });
}
