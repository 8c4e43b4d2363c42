// What buttons, keys and pointers do to the time line.

import { advanced, followed, loopToggled, marked, pausedAt, started } from "./playback.js";
import { FOLLOWING, PLAYING, SPEEDS } from "./playback.js";
import { neighbour } from "./recorded.js";

/** `position` shows the step that a command leads to. */
export function createCommands(store, position) {
  const play = () => store.get().timeline.play;
  const log = () => store.get().timeline.log;
  const newest = () => store.get().run.step;
  const now = () => play().step ?? newest();
  const set = (next) => {
    store.set({ timeline: { ...store.get().timeline, play: next } });
    if (next.mode === FOLLOWING) position.follow();
    else position.go(next.step);
  };
  const seek = (step) => step !== null && set(pausedAt(play(), Math.min(newest(), Math.max(0, step))));
  const eventStep = (direction) => neighbour(log().events.map(({ step }) => step), now(), direction);
  return {
    seek,
    follow: () => set(followed(play())),
    first: () => seek(log().steps[0] ?? 0),
    previous: () => seek(neighbour(log().steps, now(), -1)),
    next: () => play().mode !== FOLLOWING && seek(neighbour(log().steps, now(), 1)),
    previousEvent: () => seek(eventStep(-1)),
    nextEvent: () => play().mode !== FOLLOWING && seek(eventStep(1)),
    toggle: () => set(play().mode === PLAYING ? pausedAt(play(), now()) : started(play(), log().steps, newest())),
    setSpeed: (speed) => set({ ...play(), speed }),
    reverse: () => set({ ...play(), direction: -play().direction }),
    loop: () => set(loopToggled(play())),
    mark: (first, last) => set(marked(play(), first, last)),
    /** Playing moves on by a number of recorded steps. */
    advance: (count) => set(advanced(play(), log().steps, count)),
  };
}

/** The commands by key. */
export const KEYS = {
  ",": "previous", ".": "next", home: "first", end: "follow", "[": "previousEvent", "]": "nextEvent",
  ...Object.fromEntries(SPEEDS.map((_, i) => [String(i + 1), `speed${i + 1}`])),
};

/** The commands that keys call by name: those of the time line, and one for each speed. */
export const keyCommands = (commands) => ({
  ...commands,
  ...Object.fromEntries(SPEEDS.map((speed, i) => [`speed${i + 1}`, () => commands.setSpeed(speed)])),
});
