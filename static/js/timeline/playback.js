// What the time line shows and how it moves: its three states, and the steps that playing passes through.

import { countUpTo, within } from "./recorded.js";

export const FOLLOWING = "following";
export const PAUSED = "paused";
export const PLAYING = "playing";
/** Multiples of RATE, in the order of the keys 1 to 9. */
export const SPEEDS = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 16];
/** Recorded steps per second at speed 1. */
export const RATE = 10;

/** The newest step is shown; nothing is marked. `direction` is 1 or -1, `part` the marked [first, last] or null. */
export const atStart = () => ({ mode: FOLLOWING, step: null, speed: 1, direction: 1, loop: false, part: null });

export const followed = (play) => ({ ...play, mode: FOLLOWING, step: null });

export const pausedAt = (play, step) => ({ ...play, mode: PAUSED, step });

/** Playing begins at the shown step, or at the beginning (playing backwards: at the end) if nothing lies ahead. */
export function started(play, steps, newest) {
  const inside = within(steps, play.part);
  const now = play.step ?? newest;
  const ahead = play.direction > 0 ? now < inside.at(-1) : now > inside[0];
  const first = play.direction > 0 ? inside[0] : inside.at(-1);
  return { ...play, mode: PLAYING, step: ahead ? now : (first ?? now) };
}

/** A marked part is repeated; without one, `loop` repeats the whole attempt. */
export const marked = (play, first, last) =>
  ({ ...play, part: [Math.min(first, last), Math.max(first, last)], loop: true });

export const loopToggled = (play) => ({ ...play, loop: !play.loop, part: play.loop ? null : play.part });

/**
 * `count` recorded steps further: the state that is reached. At the end it pauses, or begins again if it repeats.
 */
export function advanced(play, steps, count) {
  const inside = within(steps, play.loop ? play.part : null);
  if (!count || !inside.length) return play;
  const here = play.direction > 0 ? countUpTo(inside, play.step) - 1 : countUpTo(inside, play.step - 1);
  const next = here + play.direction * count;
  if (next >= 0 && next < inside.length) return { ...play, step: inside[next] };
  if (play.loop) return { ...play, step: inside[((next % inside.length) + inside.length) % inside.length] };
  return pausedAt(play, inside[play.direction > 0 ? inside.length - 1 : 0]);
}
