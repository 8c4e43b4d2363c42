// Undo and redo: in one history of changes, resets and runs. Loaded when it is first used.

import { t } from "../core/text.js";

const DONE = { undo: t("studio.notice.undone"), redo: t("studio.notice.redone") };
const NOTHING = { undo: t("studio.notice.nothing_to_undo"), redo: t("studio.notice.nothing_to_redo") };

/** Goes to the place before or after the current one: sets its configuration, or shows its run again. */
export async function move(name, { store, session, undoHistory }) {
  const place = undoHistory[name]();
  if (place && !isHere(place, store.get().run) && !document.body.dataset.lesson) {
    return session.branch("returnTo", place, undoHistory);
  }
  if (place) {
    store.set({ draft: place.draft, shownLabel: 0 });
    await session.reconcileNow();
  }
  store.set({ notice: { text: (place ? DONE : NOTHING)[name], kind: "info", at: performance.now() } });
}

/** Whether a place is in the run and attempt that the page shows, or in a run in which nothing was trained. */
const isHere = ({ run, attempt, step }, shown) =>
  (run === shown?.id && attempt === shown.attempt) || !(step || attempt);
