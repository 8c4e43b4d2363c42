// Recorded steps from before a panel was opened: fetched once per attempt for panels that show their view over time.

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

/** Fetches them with the first such view of an attempt; the state gets them together as `earlier:VIEW`, in order. */
export function fetchEarlierViews(store) {
  const requests = new Map(); // promises by run, attempt and view
  const current = {}; // the key of the newest frame by view
  const fetchFor = (view, frame, run) => {
    const { options, applies } = OVER_TIME[view];
    const key = frame && `${frame.run}/${frame.attempt}/${view}`;
    if (!frame || frame.run !== run?.id || current[view] === key || !frame.step || !applies(frame)) return;
    current[view] = key;
    // Without them the panel shows only the steps since it was opened.
    if (!requests.has(key)) requests.set(key, recordedViews(frame, view, options).catch(() => []));
    requests.get(key).then(
      (frames) => current[view] === key && frames.length && store.set({ [`earlier:${view}`]: frames }));
  };
  const views = Object.keys(OVER_TIME);
  const fetchAll = (state) => views.forEach((view) => fetchFor(view, state[`view:${view}`], state.run));
  store.watch((state, changed) => views.some((view) => changed.includes(`view:${view}`)) && fetchAll(state));
  fetchAll(store.get());
}

async function recordedViews({ run, attempt, step }, view, options) {
  const { steps } = await api.checkpoints(run, attempt);
  const earlier = steps.filter((recorded) => recorded < step);
  const count = Math.min(MAX_STEPS, earlier.length);
  const frames = [];
  for (let i = 0; i < count; i++) {
    const at = earlier[count > 1 ? Math.round((i * (earlier.length - 1)) / (count - 1)) : 0];
    const answer = await api.view(run, view, { ...options, step: at, attempt, arrays: "typed" });
    frames.push({ ...decode(answer), run, attempt, step: at });
  }
  return frames;
}
