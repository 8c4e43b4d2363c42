// The answers to the questions of a lesson: kept in this browser, per lesson, for the rounds before and after.

const KEY = `perceptarium-questions-${location.pathname}`;
export const ROUNDS = ["before", "after"];

let kept = null; // { before, after }: each { answers: { question: index }, finished: date and time or null }

/** The rounds that were begun. */
export function rounds() {
  try {
    kept ??= JSON.parse(localStorage.getItem(KEY));
  } catch {
    // The storage is blocked, or has been changed by hand.
  }
  kept ??= {};
  return kept;
}

/** The answers given so far in a round, by the name of the question. */
export const answersIn = (round) => rounds()[round]?.answers ?? {};

export const isFinished = (round) => Boolean(rounds()[round]?.finished);

/** Keeps the answer to one question. */
export const keepAnswer = (round, name, index) =>
  keep({ ...rounds(), [round]: { finished: null, answers: { ...answersIn(round), [name]: index } } });

/** Ends a round. */
export const finish = (round) =>
  keep({ ...rounds(), [round]: { ...rounds()[round], finished: new Date().toISOString() } });

/** Deletes all answers. */
export function forget() {
  kept = {};
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

function keep(changed) {
  kept = changed;
  try {
    localStorage.setItem(KEY, JSON.stringify(changed));
  } catch {
    // The storage is blocked: the answers last as long as the page.
  }
}
