// Edits weights and units of the run, and keeps the parameters in the state, with their frozen and disabled parts.

import { api } from "../core/api.js";
import { placeOf } from "../core/store.js";

const MAX_PARAMETERS = 60_000; // of larger networks parameters are only fetched on demand

const ONE_GESTURE = 900; // ms within which edits of the same weights are undone together

/**
 * `edit(operations)` sends edits one after another; while one is being sent, only the newest further one is kept.
 * Values of weights can be undone. `send(operations)` does the same without undo; `remember(weights)` makes their
 * present values those that undo restores. `all()` fetches the parameters of the run.
 */
export function createWeightEditor(store, { editWeights, remember: rememberPlace, settled }) {
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
  const send = oneAtATime(editWeights);
  const remember = (weights) => {
    const values = store.get().shown ? null : valuesOf(store.get(), weights);
    if (values) rememberPlace({ ...placeOf(store.get()), values });
  };
  return { edit: undoable(send, remember), send, remember, all };
}

/** `send`, which first remembers the values of weights, unless the same ones were edited shortly before. */
function undoable(send, remember) {
  let last = { key: "", at: 0 };
  return (operations) => {
    const key = JSON.stringify(operations.weights?.map(({ layer, unit, source }) => [layer, unit, source]));
    const now = performance.now();
    if (key && (key !== last.key || now - last.at > ONE_GESTURE)) remember(operations.weights);
    last = { key, at: now };
    send(operations);
  };
}

/** The value of the weight {layer, unit, source} in a frame of the network view; undefined if it has none. */
export function valueOf({ layers }, { layer, unit, source }) {
  const { weights, biases } = layers.find((data, index) => (data.index ?? index) === layer) ?? {};
  if (!weights || unit >= biases.length) return undefined;
  return source === "bias" ? biases[unit] : weights[source * biases.length + unit];
}

/** The present values of weights, as an edit that restores them; null if the network's frame lacks one. */
export function valuesOf({ run, "view:network": frame }, weights) {
  if (!frame || frame.run !== run?.id) return null;
  const values = weights.map(({ layer, unit, source }) => (
    { layer, unit, source, value: valueOf(frame, { layer, unit, source }) }));
  return values.every(({ value }) => Number.isFinite(value)) ? values : null;
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
