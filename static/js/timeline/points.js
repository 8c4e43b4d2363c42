// The data points of the shown step: those of an earlier step differ if points were drawn or erased since.

import { api } from "../core/api.js";
import { countUpTo } from "./recorded.js";

/** Fetches the points of the shown step whenever the events between it and the points in the state changed them. */
export function followPoints(store) {
  let shownVersion = null; // of the points in the state; null: those of the present
  store.watch(async (_, changed) => {
    if (!changed.includes("shown")) return;
    const { shown, run, timeline } = store.get();
    const version = shown && versionAt(timeline, shown);
    if (version === shownVersion) return;
    shownVersion = version;
    const query = version === null ? "" : `&step=${shown.step}&attempt=${shown.attempt}`;
    const points = await api.read(run.id, `points?numbers=2000000${query}`).catch(() => null);
    if (points && shownVersion === version && store.get().run?.id === run.id) {
      store.set({ points: { ...points, run: run.id } });
    }
  });
}

/** The attempt and the number of changes of the points up to a step; null if those of the present are shown. */
function versionAt({ log, attempt }, shown) {
  const steps = log.events.filter(({ event }) => event.type === "data").map(({ step }) => step);
  const count = countUpTo(steps, shown.step);
  return attempt === null && count === steps.length ? null : `${shown.attempt}/${count}`;
}
