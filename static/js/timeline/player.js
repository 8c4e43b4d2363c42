// The clock of playing: in each animation frame the recorded steps whose time has come are passed.

import { PLAYING, RATE } from "./playback.js";

const LONGEST_FRAME = 0.25; // seconds; longer pauses, as of a hidden window, are not made up for

/** Calls `advance(count)` while the time line plays. */
export function startPlayer(store, advance) {
  let isRunning = false;
  let [before, due] = [0, 0];
  const isPlaying = () => store.get().timeline.play.mode === PLAYING;
  const frame = (time) => {
    isRunning = isPlaying();
    if (!isRunning) return;
    // The time of the first frame may lie before the start.
    const elapsed = Math.min(LONGEST_FRAME, Math.max(0, (time - before) / 1000));
    due += elapsed * RATE * store.get().timeline.play.speed;
    before = time;
    const count = Math.floor(due);
    due -= count;
    if (count) advance(count);
    requestAnimationFrame(frame);
  };
  store.watch((_, changed) => {
    if (!changed.includes("timeline") || isRunning || !isPlaying()) return;
    isRunning = true;
    [before, due] = [performance.now(), 0];
    requestAnimationFrame(frame);
  });
}
