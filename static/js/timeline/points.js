// The data points of the shown step: those of an earlier step differ if points were drawn or erased since.

import { loadPoints } from "../studio/run-connection.js";
import { countUpTo } from "./recorded.js";

/** Fetches the points of the shown step whenever the events between it and the points in the state changed them. */
export function followPoints(store) {
  let shownVersion = null; // of the points in the state; null: those of the present
  store.watch((_, changed) => {
    if (!changed.includes("shown")) return;
    const { shown, run, timeline } = store.get();
    const version = shown && versionAt(timeline, shown);
    if (version === shownVersion) return;
    shownVersion = version;
    loadPoints(store, run.id, version === null ? {} : { step: shown.step, attempt: shown.attempt });
  });
}

/** The attempt and the number of changes of the points up to a step; null if those of the present are shown. */
function versionAt({ log, attempt }, shown) {
  const steps = log.events.filter(({ event }) => event.type === "data").map(({ step }) => step);
  const count = countUpTo(steps, shown.step);
  return attempt === null && count === steps.length ? null : `${shown.attempt}/${count}`;
}
