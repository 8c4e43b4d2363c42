// `?step=`, `?attempt=` and `?bookmark=` in the address: open the page paused at a step, and follow the shown one.

import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { readAttempts } from "./attempts.js";
import { openBookmark, readBookmarks } from "./bookmarks.js";
import { firstStep } from "./scale.js";

const DELAY = 300; // ms

/** Shows the step in the address if the run has it, and keeps the address equal to the shown step. */
export async function followAddress(store, commands) {
  let timer = 0;
  const write = () => {
    timer = 0;
    const address = addressOf(store.get());
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  await open(store, commands).catch((error) => refuse(store, error.message));
  store.watch((_, changed) => {
    if (["shown", "run"].some((key) => changed.includes(key))) timer ||= setTimeout(write, DELAY);
  });
  write();
}

/** The bookmark stays in the address while its step is shown. */
function addressOf({ shown, run, timeline }) {
  const address = new URL(location.href);
  const options = address.searchParams;
  const bookmark = timeline.opened;
  const isBookmark = bookmark && shown?.step === bookmark.step && shown.attempt === bookmark.attempt;
  const values = {
    bookmark: isBookmark ? bookmark.name : null,
    step: shown && !isBookmark ? shown.step : null,
    attempt: shown && !isBookmark && shown.attempt !== run.attempt ? shown.attempt : null,
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === null) options.delete(name);
    else options.set(name, value);
  }
  return address;
}

async function open(store, commands) {
  const options = new URLSearchParams(location.search);
  const isOpened = document.body.dataset.runId || window.reopenedRun;
  if (!isOpened) return; // a new run begins at step 0, without bookmarks
  const [name, step, attempt] = ["bookmark", "step", "attempt"].map((option) => options.get(option));
  if (name !== null) await openNamed(store, commands, name);
  else if (attempt !== null && attempt !== String(store.get().run.attempt)) {
    await openEarlier(store, commands, attempt, step);
  } else if (step !== null) openStep(store, commands, step, store.get().run);
}

async function openNamed(store, { go }, name) {
  const bookmark = (await readBookmarks(store)).find((other) => other.name === name);
  if (!bookmark) return refuse(store, t("timeline.no_such_bookmark", { name }));
  await openBookmark(store, go, bookmark);
}

async function openEarlier(store, { go }, attempt, step) {
  await readAttempts(store);
  const row = store.get().timeline.attempts.find((other) => String(other.attempt) === attempt);
  const attempts = store.get().timeline.attempts.map((other) => other.attempt).join(", ");
  if (!row) return refuse(store, t("timeline.no_such_attempt", { attempt, attempts }));
  openStep(store, { seek: (at) => go(row.attempt, at) }, step ?? String(row.step), row);
}

function openStep(store, { seek }, step, { step: newest }) {
  const first = firstStep(store.get());
  if (/^\d+$/.test(step) && Number(step) >= first && Number(step) <= newest) return seek(Number(step));
  refuse(store, t("timeline.no_such_step", { step, first: integer(first), newest: integer(newest) }));
}

/** Shows a reason, and the newest step. */
const refuse = (store, text) => store.set({ notice: { text, kind: "error", at: performance.now() } });
