// Makes a run that continues from a step of another one, and shows it in this page.

import { api } from "../core/api.js";
import { integer } from "../core/formats.js";
import { isTraining } from "../core/store.js";
import { showRun } from "./open.js";
import { explain } from "../studio/form/rejected-values.js";

/**
 * Continues a run from a step of it, {step, attempt}, with `changes` of its configuration. The new run trains if the
 * one in the page does, which is then paused unless it trains without viewers: a page trains one run at a time.
 * Resolves to the answer of the server with `step` in words, `pausedAt`, the step at which that run was paused or null,
 * and `trainsOn`, whether it was not; to null if the server refuses, which is explained at the field.
 */
export function continueFrom(session, run, { step, attempt }, changes = {}) {
  if (session.isBranching) return null; // a second press of the button
  session.isBranching = true;
  const request = () => fork(session, run, { step, attempt, changes }).catch((error) => refused(session, error));
  return session.queue.command(request).finally(() => (session.isBranching = false));
}

async function fork(session, run, body) {
  const left = session.store.get().run;
  const answer = await api.command(run.id, "fork", { ...body, start: isTraining(left) });
  const trainsOn = isTraining(left) && left.config.unwatched !== "pause"; // it trains without viewers, too
  session.made.add(answer.id);
  const paused = isTraining(left) && !trainsOn ? await api.command(left.id, "pause") : null;
  await showRun(session, answer.id);
  return { ...answer, step: integer(answer.step), pausedAt: paused && integer(paused.step), trainsOn };
}

function refused(session, error) {
  error.field = error.field?.replace(/^changes\./, "");
  explain(session, error);
  return null;
}
