// Reads what a section shows again while members change, some time after the answer before.

import { Unreachable } from "../../core/api.js";

const TRAINING = ["running", "queued"];
const INTERVAL = 1500; // ms between an answer and the next request
const SHARE = 5; // of the time that an answer took, the least time until the next request
const UNSEEN = 6; // times as long, while members train and the section is not on the screen
const SETTLED = 300; // ms after the last change once no member trains: they end, or are deleted, one after the other
const AHEAD = "300px"; // around the screen, so that a section is read before it is scrolled to

/**
 * Calls `show(answer)` with what `read()` returns, at once and after members have changed; `fail(message)` with an
 * error. Returns { now(), end() }: `now` reads at once, because an option has changed.
 * `interval` is the least time between an answer and the next request; `element` is that of the section, which is
 * read less often while it is not on the screen. Once no member trains any more, changes are read soon.
 */
export function refreshing(experiment, read, show, fail, { interval = INTERVAL, element = null } = {}) {
  const held = {
    timer: 0, newest: 0, pause: interval, isReading: false, isRare: false, changed: false, ended: false, isSeen: true,
  };
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
  const later = () => plan(held, work, experiment);
  const ends = [element ? followSight(held, element, later) : () => null, experiment.subscribe((members) => {
    if (!members.length || experiment.connection === "gone") return;
    held.changed = true;
    if (!held.isReading) later();
  }), () => clearTimeout(held.timer), () => (held.ended = true)];
  work();
  return { now: work, end: () => ends.forEach((end) => end()) };
}

const isTraining = ({ members }) => members.some(({ status }) => TRAINING.includes(status));

/** Calls `work` after a pause, a long one for a section that is not seen; soon if no member trains. */
function plan(held, work, experiment) {
  const trains = isTraining(experiment);
  const isRare = trains && !held.isSeen;
  if (trains && held.timer && (isRare || !held.isRare)) return;
  clearTimeout(held.timer);
  held.isRare = isRare;
  held.timer = setTimeout(work, trains ? held.pause * (isRare ? UNSEEN : 1) : SETTLED);
}

/** Keeps whether an element is on the screen; once it is, `later()` is called for what has changed meanwhile. */
function followSight(held, element, later) {
  const observer = new IntersectionObserver((entries) => {
    held.isSeen = entries.at(-1).isIntersecting;
    if (held.isSeen && held.changed && !held.isReading) later();
  }, { rootMargin: AHEAD });
  observer.observe(element);
  return () => observer.disconnect();
}
