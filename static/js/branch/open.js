// Shows another run in this page, under its own address: the browser's Back button leads to the run before it.

import { api } from "../core/api.js";
import { openRun } from "../studio/run-connection.js";
import { explain } from "../studio/form/rejected-values.js";

/** Opens a run after the requests that wait, unless it is shown already. An error is shown as a notice. */
export const openInPage = (session, id) =>
  session.queue.command(() => showRun(session, id).catch((error) => explain(session, error)));

/** Opens a run at once; rejects if it does not exist. */
export async function showRun(session, id) {
  const { run: left } = session.store.get();
  if (left.id === id) return;
  await openRun(session, id);
  const isTrained = left.step > 0 || left.attempt > 0;
  if (!isTrained && session.made.has(left.id)) api.discard(left.id).catch(() => null);
  // A reload of an earlier address must not replace the run that this page has left.
  sessionStorage.removeItem("perceptarium-run");
  document.body.dataset.runId = id;
  history.pushState({ run: id }, "", addressOf(id));
}

/** The page of a run, with the options of the present address that are not about a step of the run before. */
function addressOf(id) {
  const address = new URL(`/runs/${id}${location.search}`, location.href);
  for (const name of ["step", "attempt", "bookmark"]) address.searchParams.delete(name);
  return address;
}

/** Opens the run of an entry of the browser's history when the user returns to it. */
export function followBackButton(session) {
  addEventListener("popstate", ({ state }) => {
    if (!state?.run || state.run === session.store.get().run?.id) return;
    session.queue.command(() => openRun(session, state.run).catch((error) => leave(session, error)).then(() => {
      document.body.dataset.runId = location.pathname.startsWith("/runs/") ? state.run : "";
    }));
  });
}

/** Shows that the run no longer exists, or that the server does not answer. */
function leave(session, error) {
  if (error.status !== 404) return explain(session, error);
  session.stream?.close();
  session.store.set({ connection: "gone", notice: null });
}
