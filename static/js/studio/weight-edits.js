// Edits of single weights and units of the run: sends them, and keeps what is frozen and switched off at hand.

import { api } from "../core/api.js";

const MAX_PARAMETERS = 60_000; // of runs whose weights are fetched without a request by the user

/** `edit(operations)` sends the newest of quick edits once the one before is answered; `all()` fetches every weight. */
export function createWeightEditor(store, { editWeights, settled }) {
  let due = false;
  let waiting = null;
  let sending = false;
  const edit = async (operations) => {
    waiting = operations;
    if (sending) return;
    sending = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      await editWeights(next);
    }
    sending = false;
  };
  const all = async () => {
    const { run } = store.get();
    const answer = await api.weights(run.id).catch(() => null);
    if (answer && store.get().run?.id === run.id) store.set({ parameters: { run: run.id, step: answer.step, layers: answer.layers } });
  };
  /** Not while the run is about to be replaced: it may be gone by the time of the request. */
  const look = () => {
    due = !settled();
    if (!due && (store.get().run?.parameters ?? 0) <= MAX_PARAMETERS) all();
  };
  store.watch(({ run, parametersEditedAt, parameters }, changed) => {
    if (changed.includes("parametersEditedAt") && parametersEditedAt) look();
    else if (changed.includes("run")) {
      if (parameters && parameters.run !== run?.id) store.set({ parameters: null });
      if (due) look();
    }
  });
  look();
  return { edit, all };
}
