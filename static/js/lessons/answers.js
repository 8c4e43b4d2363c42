// What a person predicted and wrote in a lesson: kept in this browser, per lesson and experiment.

const KEY = `perceptarium-answers-${location.pathname}`;

/** All answers of this lesson by the name of the experiment. */
export function answers() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // the storage is blocked, or has been changed by hand
  }
}

/** The answers of an experiment: { prediction, seen, why, explained }, each absent until given. */
export const answersOf = (name) => answers()[name] ?? {};

/** Keeps changed answers of an experiment; null removes one. */
export function keep(name, changes) {
  const all = answers();
  const entries = Object.entries({ ...all[name], ...changes }).filter(([, value]) => value !== null);
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...all, [name]: Object.fromEntries(entries) }));
  } catch {
    // The storage is blocked: the answers last as long as the page.
  }
}
