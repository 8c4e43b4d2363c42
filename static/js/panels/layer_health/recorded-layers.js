// The layers of the frames received so far: a bounded list over the whole training.

const MAX_ENTRIES = 160;

/**
 * `entries`: {step, layers}, oldest first. `add(frame)` keeps one entry per step and starts again for a new
 * run or attempt; above `max` entries every second one is dropped. `addEarlier(frames)` adds recorded frames.
 */
export function recordedLayers(max = MAX_ENTRIES) {
  let identity = "";
  let entries = [];
  let added = null;
  return {
    get entries() {
      return entries;
    },
    add(frame) {
      const { step, layers } = frame;
      const last = entries.at(-1);
      if (identityOf(frame) !== identity || step < last?.step) entries = [];
      identity = identityOf(frame);
      entries = [...entries.filter((entry) => entry.step !== step), { step, layers }];
      if (entries.length > max) entries = entries.filter((_, i) => i % 2 === 0 || i === entries.length - 1);
    },
    addEarlier(frames) {
      if (!frames || frames === added) return;
      added = frames;
      const steps = new Set(entries.map(({ step }) => step));
      const last = entries.at(-1).step;
      const isNew = (frame) => identityOf(frame) === identity && !steps.has(frame.step) && frame.step < last;
      const earlier = frames.filter(isNew).map(({ step, layers }) => ({ step, layers }));
      entries = [...earlier, ...entries].sort((a, b) => a.step - b.step);
    },
  };
}

const identityOf = ({ run, attempt, layers }) => `${run}/${attempt}/${layers.map(({ units }) => units).join()}`;
