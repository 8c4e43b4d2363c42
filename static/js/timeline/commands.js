// What buttons, keys and pointers do to the time line.

import { leaveAttempt, newestStep, openAttempt } from "./attempts.js";
import { advanced, followed, loopToggled, marked, pausedAt, started } from "./playback.js";
import { FOLLOWING, PLAYING, SPEEDS } from "./playback.js";
import { neighbour } from "./recorded.js";
import { firstStep } from "./scale.js";

/** `position` shows the step that a command leads to. `go(attempt, step)` leads to the last step if that is null. */
export function createCommands(store, position) {
  const play = () => store.get().timeline.play;
  const log = () => store.get().timeline.log;
  const newest = () => newestStep(store.get());
  const now = () => play().step ?? newest();
  const set = (next) => {
    store.set({ timeline: { ...store.get().timeline, play: next } });
    if (next.mode === FOLLOWING) leaveAttempt(store);
    if (next.mode === FOLLOWING) position.follow();
    else position.go(next.step);
  };
  const seek = (step) => step !== null && set(pausedAt(play(), inRange(store.get(), step)));
  return {
    seek,
    go: async (attempt, step = null) => await reachAttempt(store, attempt) && seek(step ?? newest()),
    follow: () => set(followed(play())),
    first: () => seek(0),
    previous: () => seek(neighbour(log().steps, now(), -1)),
    next: () => play().mode !== FOLLOWING && seek(neighbour(log().steps, now(), 1)),
    previousEvent: () => seek(eventStep(log(), now(), -1)),
    nextEvent: () => play().mode !== FOLLOWING && seek(eventStep(log(), now(), 1)),
    toggle: () => set(play().mode === PLAYING ? pausedAt(play(), now()) : started(play(), log().steps, newest())),
    setSpeed: (speed) => set({ ...play(), speed }),
    reverse: () => set({ ...play(), direction: -play().direction }),
    loop: () => set(loopToggled(play())),
    mark: (first, last) => set(marked(play(), first, last)),
    /** Playing moves on by a number of recorded steps. */
    advance: (count) => set(advanced(play(), log().steps, count)),
  };
}

/** The nearest step that the shown attempt has. */
const inRange = (state, step) => Math.min(newestStep(state), Math.max(firstStep(state), step));

const eventStep = ({ events }, step, direction) => neighbour(events.map((event) => event.step), step, direction);

/** Makes an attempt the shown one; resolves to false if it cannot be, rejects if it was deleted. */
async function reachAttempt(store, attempt) {
  if (attempt !== store.get().run.attempt) return openAttempt(store, attempt);
  leaveAttempt(store);
  return true;
}

/** The commands by key. */
export const KEYS = {
  ",": "previous", ".": "next", home: "first", end: "follow", "[": "previousEvent", "]": "nextEvent", b: "bookmark",
  ...Object.fromEntries(SPEEDS.map((_, i) => [String(i + 1), `speed${i + 1}`])),
};

/** The commands that keys call by name: those of the time line, and one for each speed. */
export const keyCommands = (commands) => ({
  ...commands,
  ...Object.fromEntries(SPEEDS.map((speed, i) => [`speed${i + 1}`, () => commands.setSpeed(speed)])),
});
