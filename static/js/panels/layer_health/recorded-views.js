// What the panel has seen of a run: a bounded memory that thins itself, so that it always spans the whole training.

const MOST = 160;

/** `add(frame)` keeps one entry per step; a new run or attempt begins anew. `recall(frames)` puts recorded moments before them. `entries` are the oldest first. */
export function createRing(most = MOST) {
  let identity = "";
  let entries = [];
  let recalled = null;
  return {
    get entries() { return entries; },
    add(frame) {
      const { step, layers } = frame;
      const now = identityOf(frame);
      if (now !== identity || (entries.length && step < entries.at(-1).step)) entries = [];
      identity = now;
      const entry = { step, layers };
      if (entries.at(-1)?.step === step) entries = [...entries.slice(0, -1), entry];
      else entries = [...entries, entry];
      if (entries.length > most) entries = entries.filter((_, i) => i % 2 === 0 || i === entries.length - 1);
    },
    recall(frames) {
      if (!frames || frames === recalled) return;
      recalled = frames;
      const held = new Set(entries.map(({ step }) => step));
      const fitting = frames.filter((frame) => identityOf(frame) === identity && !held.has(frame.step) && frame.step < entries.at(-1).step);
      entries = [...fitting.map(({ step, layers }) => ({ step, layers })), ...entries].sort((one, other) => one.step - other.step);
    },
  };
}

const identityOf = ({ run, attempt, layers }) => `${run}/${attempt}/${layers.map(({ units }) => units).join()}`;
