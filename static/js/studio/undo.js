// Undo and redo: in one history of changes, resets and runs. Loaded when it is first used.

import { placeOf, same } from "../core/store.js";
import { t } from "../core/text.js";
import { asShown } from "../timeline/shown-settings.js";
import { valuesOf } from "./weight-edits.js";

const DONE = { undo: t("studio.notice.undone"), redo: t("studio.notice.redone") };
const NOTHING = { undo: t("studio.notice.nothing_to_undo"), redo: t("studio.notice.nothing_to_redo") };

/** Goes to the place before or after the current one: sets its configuration, or shows its run again. */
export async function move(name, { store, session, undoHistory }) {
  const current = placeOf(store.get());
  let place = undoHistory[name](current);
  while (place && isCurrent(place, store.get())) place = undoHistory[name](current); // a change that was discarded
  if (place && !isHere(place, store.get().run) && !document.body.dataset.lesson) {
    return session.branch("returnTo", place, undoHistory);
  }
  if (place) {
    store.set({ draft: asShown(store.get(), place.draft), shownLabel: 0 });
    await session.reconcileNow();
    restoreValues(place, current, store, session);
  }
  store.set({ notice: { text: (place ? DONE : NOTHING)[name], kind: "info", at: performance.now() } });
}

/** Gives the weights of an edit their values of a place; the other way leads back to the values that they have now. */
function restoreValues({ values, run, attempt }, current, store, session) {
  const { run: shown } = store.get();
  if (!values || run !== shown.id || attempt !== shown.attempt) return;
  current.values = valuesOf(store.get(), values);
  session.editWeights({ weights: values }); // after this command
}

/** Whether a place is in the run and attempt that the page shows, or in a run in which nothing was trained. */
const isHere = ({ run, attempt, step }, shown) =>
  (run === shown?.id && attempt === shown.attempt) || !(step || attempt);

/** Whether a place is what the page shows. */
function isCurrent(place, state) {
  const current = placeOf(state);
  return !place.values && ["run", "attempt", "draft"].every((name) => same(place[name], current[name]));
}
