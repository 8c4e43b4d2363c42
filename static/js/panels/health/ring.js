// What the panel has seen of a run: a bounded memory that thins itself, so that it always spans the whole training.

const MOST = 160;

/** `add(frame)` keeps one entry per step; a new run or attempt begins anew. `entries` are the oldest first. */
export function createRing(most = MOST) {
  let identity = "";
  let entries = [];
  return {
    get entries() { return entries; },
    add(frame) {
      const { run, attempt, step, layers } = frame;
      const shape = layers.map((layer) => layer.units).join();
      const now = `${run}/${attempt}/${shape}`;
      if (now !== identity || (entries.length && step < entries.at(-1).step)) entries = [];
      identity = now;
      const entry = { step, layers };
      if (entries.at(-1)?.step === step) entries = [...entries.slice(0, -1), entry];
      else entries = [...entries, entry];
      if (entries.length > most) entries = entries.filter((_, i) => i % 2 === 0 || i === entries.length - 1);
    },
  };
}
