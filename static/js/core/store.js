// The page's one state: a flat object whose values are replaced, never changed in place.
// Panels compare values by identity, so an update costs only the panels that read it.

/**
 * A store with `get()`, `set(patch)` and `watch(listener)`; `watch` returns its own undo.
 * `initial` declares the keys; `families` are prefixes of keys that are composed at run time. Setting others is an error.
 */
export function createStore(initial, families = []) {
  let state = initial;
  const listeners = new Set();
  const isDeclared = (key) => key in initial || families.some((prefix) => key.startsWith(prefix));
  return {
    get: () => state,
    set(patch) {
      const unknown = Object.keys(patch).find((key) => !isDeclared(key));
      if (unknown) throw new Error(`The state declares no key "${unknown}", only ${Object.keys(initial).join(", ")}.`);
      const changed = Object.keys(patch).filter((key) => !Object.is(patch[key], state[key]));
      if (!changed.length) return;
      state = { ...state, ...patch };
      for (const listener of [...listeners]) listener(state, changed);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The parts of the run that change rarely, for those who need not draw at every progress. */
export const runConfig = (state) => state.run?.config;
export const runWarnings = (state) => state.run?.warnings;
export const runIdentity = (state) => state.run?.id;

/** The value at a dotted path ("layers.2.units"), or undefined. */
export function getPath(object, path) {
  return path.split(".").reduce((value, key) => (value === null || value === undefined ? undefined : value[key]), object);
}

/** A copy of `object` with the value at `path` replaced; only the containers on the way are copied. */
export function setPath(object, path, value) {
  const [key, ...rest] = path.split(".");
  const copy = Array.isArray(object) ? [...object] : { ...object };
  copy[key] = rest.length ? setPath(object?.[key] ?? {}, rest.join("."), value) : value;
  return copy;
}

export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Dotted paths at which two configurations differ; lists of different length differ as a whole. */
export function differences(before, after, prefix = "") {
  if (same(before, after)) return [];
  const deep = isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)
    && (!Array.isArray(before) || (before.length === after.length && before.every(isContainer)));
  if (!deep) return [prefix];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], prefix ? `${prefix}.${key}` : key));
}

/** A configuration with a part of it changed; lists by position. */
export function merge(base, changes) {
  if (Array.isArray(changes) && Array.isArray(base)) return base.map((item, i) => merge(item, changes[i] ?? {}));
  if (!isContainer(changes) || !isContainer(base)) return changes;
  const known = Object.entries(changes).filter(([key]) => key !== "speed"); // of the run, not of its configuration
  return { ...base, ...Object.fromEntries(known.map(([key, value]) => [key, merge(base[key], value)])) };
}

function isContainer(value) {
  return value !== null && typeof value === "object";
}

/** Configurations for undo and redo, at most `limit`. `undo` and `redo` return null if there is none. */
export function createUndoHistory(limit = 100) {
  let undoable = [];
  let redoable = [];
  return {
    remember(config) {
      undoable = [...undoable, config].slice(-limit);
      redoable = [];
    },
    undo(present) {
      if (!undoable.length) return null;
      redoable = [present, ...redoable];
      return undoable.splice(-1)[0];
    },
    redo(present) {
      if (!redoable.length) return null;
      undoable = [...undoable, present];
      return redoable.splice(0, 1)[0];
    },
  };
}
