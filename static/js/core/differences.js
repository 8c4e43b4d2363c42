// Differences of two configurations, and changes merged into one.

import { same } from "./store.js";

/** Dotted paths at which two configurations differ; lists of different length differ as a whole. */
export function differences(before, after, prefix = "") {
  if (same(before, after)) return [];
  const isComparable = isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)
    && (!Array.isArray(before) || (before.length === after.length && before.every(isContainer)));
  if (!isComparable) return [prefix];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key], after[key], prefix ? `${prefix}.${key}` : key));
}

/** A configuration with `changes` merged into it; lists are merged by position. */
export function merge(base, changes) {
  if (Array.isArray(changes) && Array.isArray(base)) return base.map((item, i) => merge(item, changes[i] ?? {}));
  if (!isContainer(changes) || !isContainer(base)) return changes;
  // The speed belongs to the run, not to its configuration.
  const entries = Object.entries(changes).filter(([key]) => key !== "speed");
  return { ...base, ...Object.fromEntries(entries.map(([key, value]) => [key, merge(base[key], value)])) };
}

function isContainer(value) {
  return value !== null && typeof value === "object";
}
