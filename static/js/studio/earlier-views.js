// Recorded steps from before a panel was opened: fetched once per run for panels that show their view over time.

import { api } from "../core/api.js";
import { decode } from "../core/decoding.js";

const MAX_STEPS = 16;
// The views that their panels show over time: the options of the requests, and the frames to which this applies.
const OVER_TIME = {
  layer_health: { options: {}, applies: () => true },
  activation_curves: {
    options: { points: 2, bins: 2 },
    applies: ({ layers }) => layers.some(({ activation }) => activation === "prelu"),
  },
};

/** Fetches them after the first frame of such a view; the state gets them together as `earlier:VIEW`, oldest first. */
export function fetchEarlierViews(store) {
  const requested = new Set();
  const fetchFor = (view, frame, run) => {
    const { options, applies } = OVER_TIME[view];
    const key = frame && `${frame.run}/${frame.attempt}/${view}`;
    if (!frame || frame.run !== run?.id || requested.has(key) || !frame.step || !applies(frame)) return;
    requested.add(key);
    recordedViews(frame, view, options).then(
      (frames) => frames.length && store.set({ [`earlier:${view}`]: frames }),
      () => {}, // the panel then shows only the steps since it was opened
    );
  };
  const views = Object.keys(OVER_TIME);
  const fetchAll = (state) => views.forEach((view) => fetchFor(view, state[`view:${view}`], state.run));
  store.watch((state, changed) => views.some((view) => changed.includes(`view:${view}`)) && fetchAll(state));
  fetchAll(store.get());
}

async function recordedViews({ run, attempt, step }, view, options) {
  const { attempt: currentAttempt, steps } = await api.checkpoints(run);
  if (currentAttempt !== attempt) return [];
  const earlier = steps.filter((recorded) => recorded < step);
  const count = Math.min(MAX_STEPS, earlier.length);
  const frames = [];
  for (let i = 0; i < count; i++) {
    const at = earlier[count > 1 ? Math.round((i * (earlier.length - 1)) / (count - 1)) : 0];
    const answer = await api.view(run, view, { ...options, step: at, arrays: "typed" });
    frames.push({ ...decode(answer), run, attempt, step: at });
  }
  return frames;
}
