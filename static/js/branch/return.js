// Undo and redo across runs: shows a run again that the page has left, trained as it was.

import { api } from "../core/api.js";
import { integer } from "../core/formats.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { explain } from "../studio/form/rejected-values.js";
import { showRun } from "./open.js";

/**
 * Shows the run of a place of the undo history; if it was reset since, a fork goes on from the last step of that
 * attempt, and stands for it in the history. A run that no longer exists gives its configuration to a new one.
 */
export async function returnTo(session, place, history) {
  const { store } = session;
  try {
    const target = await api.run(place.run);
    const id = target.attempt === place.attempt ? target.id : await continueAttempt(session, place, history);
    await leave(store.get().run);
    await showRun(session, id);
    const { draft, confirmed } = place;
    store.set({ draft, confirmed });
    await session.reconcileNow();
    const { run } = store.get();
    notify(store, run.step ? t("branch.returned", { step: integer(run.step) }) : t("branch.returned_untrained"));
  } catch (error) {
    if (error.status !== 404) return explain(session, error);
    store.set({ draft: place.draft });
    await session.reconcileNow();
    notify(store, t("branch.not_returned")); // after the notice of the new run, which would replace it
  }
}

async function continueAttempt(session, { run, attempt }, history) {
  const { id } = await api.command(run, "fork", { attempt, start: false });
  session.made.add(id);
  history.map((other) => (other.run === run && other.attempt === attempt ? { ...other, run: id, attempt: 0 } : other));
  return id;
}

/** A page trains one run at a time, but one that trains without viewers goes on. */
const leave = (run) =>
  (isTraining(run) && run.config.unwatched === "pause" ? api.command(run.id, "pause") : Promise.resolve());

const notify = (store, text) => store.set({ notice: { text, kind: "info", at: performance.now() } });
