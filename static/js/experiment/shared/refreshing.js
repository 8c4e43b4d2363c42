// Reads what a section shows again while members change, some time after the answer before.

import { Unreachable } from "../../core/api.js";

const INTERVAL = 1500; // ms between an answer and the next request
const SHARE = 5; // of the time that an answer took, the least time until the next request

/**
 * Calls `show(answer)` with what `read()` returns, at once and after members have changed; `fail(message)` with an
 * error. Returns { now(), end() }: `now` reads at once, because an option has changed.
 * `interval` is the least time between an answer and the next request.
 */
export function refreshing(experiment, read, show, fail, interval = INTERVAL) {
  const held = { timer: 0, newest: 0, isReading: false, changed: false, ended: false };
  const work = async () => {
    clearTimeout(held.timer);
    if (experiment.connection === "gone") return;
    [held.timer, held.isReading, held.changed] = [0, true, false];
    const [number, start] = [++held.newest, performance.now()];
    const answer = await read().catch((error) => error);
    if (held.ended || number !== held.newest) return;
    held.isReading = false;
    if (!(answer instanceof Error)) show(answer);
    else if (!(answer instanceof Unreachable) && experiment.connection !== "gone") fail(answer.message);
    held.pause = Math.max(interval, SHARE * (performance.now() - start));
    if (held.changed) later();
  };
  const later = () => (held.timer ||= setTimeout(work, held.pause));
  const stop = experiment.subscribe((members) => {
    if (!members.length || experiment.connection === "gone") return;
    held.changed = true;
    if (!held.isReading) later();
  });
  const end = () => {
    held.ended = true;
    clearTimeout(held.timer);
    stop();
  };
  work();
  return { now: work, end };
}
