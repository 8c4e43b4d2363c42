// The data points of the shown step: those of an earlier step differ if points were drawn or erased since.

import { api } from "../core/api.js";
import { countUpTo } from "./recorded.js";

/** Fetches the points of the shown step whenever the events between it and the points in the state changed them. */
export function followPoints(store) {
  let shownVersion = null; // of the points in the state; null: those of the present
  store.watch(async (_, changed) => {
    if (!changed.includes("shown")) return;
    const { shown, run, timeline } = store.get();
    const version = shown && versionAt(timeline.log.events, shown.step);
    if (version === shownVersion) return;
    shownVersion = version;
    const query = version === null ? "" : `&step=${shown.step}&attempt=${shown.attempt}`;
    const points = await api.read(run.id, `points?numbers=2000000${query}`).catch(() => null);
    if (points && shownVersion === version && store.get().run?.id === run.id) {
      store.set({ points: { ...points, run: run.id } });
    }
  });
}

/** The number of changes of the points up to a step; null if no later one exists. */
function versionAt(events, step) {
  const steps = events.filter(({ event }) => event.type === "data").map((entry) => entry.step);
  const count = countUpTo(steps, step);
  return count === steps.length ? null : count;
}
