// Moments from before a panel was opened: fetched once per run where a panel shows its view over time.

import { api } from "../core/api.js";
import { decode } from "../core/decoding.js";

const MOST = 16; // recorded moments
const OVER_TIME = {
  layer_health: { options: {}, worth: () => true },
  activation_curves: { options: { points: 2, bins: 2 }, worth: ({ layers }) => layers.some(({ activation }) => activation === "prelu") },
};

/** Fetch them with the first frame of such a view; they arrive together as `earlier:VIEW`, the oldest first. */
export function followEarlier(store) {
  const asked = new Set();
  store.watch((state, changed) => {
    for (const [view, { options, worth }] of Object.entries(OVER_TIME)) {
      const frame = changed.includes(`view:${view}`) && state[`view:${view}`];
      const key = frame && `${frame.run}/${frame.attempt}/${view}`;
      if (!frame || frame.run !== state.run?.id || asked.has(key) || !frame.step || !worth(frame)) continue;
      asked.add(key);
      recorded(frame, view, options).then((frames) => frames.length && store.set({ [`earlier:${view}`]: frames }), () => {});
    }
  });
}

async function recorded({ run, attempt, step }, view, options) {
  const answer = await api.checkpoints(run);
  if (answer.attempt !== attempt) return [];
  const steps = answer.steps.filter((each) => each < step);
  const count = Math.min(MOST, steps.length);
  const frames = [];
  for (let i = 0; i < count; i++) {
    const at = steps[count > 1 ? Math.round((i * (steps.length - 1)) / (count - 1)) : 0];
    frames.push({ ...decode(await api.view(run, view, { ...options, step: at, arrays: "typed" })), run, attempt, step: at });
  }
  return frames;
}
