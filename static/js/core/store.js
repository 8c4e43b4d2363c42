// The state of the page: one flat object whose values are replaced, never changed in place.
// Panels compare values by identity, so that an update redraws only the panels that read the changed keys.

/**
 * A store with `get()`, `set(patch)` and `watch(listener)`; `watch` returns a function that removes the listener.
 * `initial` declares the keys, `families` the prefixes of keys that are composed at run time. Throws for any other key.
 */
export function createStore(initial, families = []) {
  let state = initial;
  const listeners = new Set();
  const isDeclared = (key) => key in initial || families.some((prefix) => key.startsWith(prefix));
  return {
    get: () => state,
    set(patch) {
      const unknown = Object.keys(patch).find((key) => !isDeclared(key));
      if (unknown) throw new Error(`Undeclared state key: ${unknown}`);
      const changed = Object.keys(patch).filter((key) => !Object.is(patch[key], state[key]));
      if (!changed.length) return;
      state = { ...state, ...patch };
      // One of them may remove another, or change the state again, so that others are called before this goes on.
      for (const listener of [...listeners]) if (listeners.has(listener)) listener(state, changed);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Parts of the run that change rarely, for panels that need not redraw at every progress. */
export const runConfig = (state) => state.run?.config;
export const runWarnings = (state) => state.run?.warnings;
export const runIdentity = (state) => state.run?.id;

/** Whether a run trains or waits for a place; false without a run. */
export const isTraining = (run) => run?.status === "running" || run?.status === "queued";

/** The value at a dotted path ("layers.2.units"), or undefined. */
export function getPath(object, path) {
  return path.split(".").reduce((value, key) => value?.[key], object);
}

/** A copy of `object` with the value at `path` replaced; only the containers along the path are copied. */
export function setPath(object, path, value) {
  const [key, ...rest] = path.split(".");
  const copy = Array.isArray(object) ? [...object] : { ...object };
  copy[key] = rest.length ? setPath(object?.[key] ?? {}, rest.join("."), value) : value;
  return copy;
}

/** Whether two values have the same JSON text. */
export function same(first, second) {
  return JSON.stringify(first) === JSON.stringify(second);
}

/** What undo returns to: the present configuration, the run, attempt and step; for an edit the `values` of weights. */
export const placeOf = ({ draft, confirmed, shownSettings, run }) =>
  ({ draft, confirmed, ...shownSettings?.present, run: run?.id, attempt: run?.attempt, step: run?.step });

/** The places before and after the current one, for undo and redo; each returns null if there is none. */
export function createUndoHistory(limit = 100) {
  let earlier = [];
  let later = [];
  return {
    remember(place) {
      earlier = [...earlier, place].slice(-limit);
      later = [];
    },
    undo(current) {
      if (!earlier.length) return null;
      later = [current, ...later];
      return earlier.splice(-1)[0];
    },
    redo(current) {
      if (!later.length) return null;
      earlier = [...earlier, current];
      return later.splice(0, 1)[0];
    },
    isEmpty: () => !earlier.length,
    isNewest: () => !later.length,
    /** Applies a function to every place. */
    map(change) {
      earlier = earlier.map(change);
      later = later.map(change);
    },
  };
}
