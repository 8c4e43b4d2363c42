// Edits weights and units of the run, and keeps the parameters in the state, with their frozen and disabled parts.

import { api } from "../core/api.js";

const MAX_PARAMETERS = 60_000; // of larger networks parameters are only fetched on demand

/**
 * `edit(operations)` sends edits one after another; while one is being sent, only the newest further one is kept.
 * `all()` fetches the parameters of the run.
 */
export function createWeightEditor(store, { editWeights, settled }) {
  const all = () => fetchParameters(store);
  let isDue = false;
  // While a new run is being created, fetching waits until the run has changed.
  const refresh = () => {
    isDue = !settled();
    if (!isDue && (store.get().run?.parameters ?? 0) <= MAX_PARAMETERS) all();
  };
  store.watch(({ run, parametersEditedAt, parameters }, changed) => {
    if (changed.includes("parametersEditedAt") && parametersEditedAt) refresh();
    else if (changed.includes("run")) {
      if (parameters && parameters.run !== run?.id) store.set({ parameters: null });
      if (isDue) refresh();
    }
  });
  refresh();
  return { edit: oneAtATime(editWeights), all };
}

/** A function that sends one value at a time; a value that arrives meanwhile replaces the one that waits. */
function oneAtATime(send) {
  let waiting = null;
  let sending = false;
  return async (value) => {
    waiting = value;
    if (sending) return;
    sending = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      await send(next);
    }
    sending = false;
  };
}

async function fetchParameters(store) {
  const { run } = store.get();
  const answer = await api.weights(run.id).catch(() => null);
  if (!answer || store.get().run?.id !== run.id) return;
  store.set({ parameters: { run: run.id, step: answer.step, layers: answer.layers } });
}
