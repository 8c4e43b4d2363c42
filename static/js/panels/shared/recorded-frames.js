// Values of the frames received so far: a bounded list that covers the whole training.

/**
 * `entries` are the results of `entryOf(frame)`, which have a `step`, oldest first. `add(frame)` keeps one per step,
 * and clears the list when `identityOf(frame)` changes. Above `max` entries
 * every second one is dropped. `addEarlier(frames)` adds frames from before the first one.
 */
export function recordedFrames({ entryOf, identityOf, max }) {
  let identity = "";
  let entries = [];
  let addedFrames = null;
  return {
    get entries() {
      return entries;
    },
    add(frame) {
      if (identityOf(frame) !== identity) entries = [];
      identity = identityOf(frame);
      entries = [...entries.filter(({ step }) => step !== frame.step), entryOf(frame)].sort((a, b) => a.step - b.step);
      if (entries.length > max) entries = entries.filter((_, i) => i % 2 === 0 || i === entries.length - 1);
    },
    addEarlier(frames) {
      if (!frames || frames === addedFrames) return;
      addedFrames = frames;
      const steps = new Set(entries.map(({ step }) => step));
      const last = entries.at(-1).step;
      const isNew = (frame) => identityOf(frame) === identity && !steps.has(frame.step) && frame.step < last;
      entries = [...frames.filter(isNew).map(entryOf), ...entries].sort((a, b) => a.step - b.step);
    },
  };
}
