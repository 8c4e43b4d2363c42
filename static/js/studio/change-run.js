// Changes of the configuration: the run is changed, or replaced by another one. Loaded with the first change.

import { api } from "../core/api.js";
import { differences } from "../core/differences.js";
import { isTraining, same } from "../core/store.js";
import { isLive } from "./form/config-changes.js";
import { patchBody } from "./form/patch-body.js";
import { refuse, withoutRefused } from "./form/rejected-values.js";
import { createRun } from "./run-connection.js";

/** Changes the run to the draft. Rejected values are left out, and the remaining changes are sent again. */
export async function reconcile(session, draft) {
  session.withoutRefused = withoutRefused;
  const { store } = session;
  while (store.get().confirmed) {
    const target = withoutRefused(session, draft);
    if (same(target, store.get().confirmed)) return;
    const error = await apply(session, target).then(() => null, (refusal) => refusal);
    if (error && !refuse(session, target, error)) return;
  }
}

/** Applies a live change if all changed fields allow it; otherwise creates a new run that replaces this one. */
async function apply(session, target) {
  const { run, livePatterns, confirmed } = session.store.get();
  const paths = differences(confirmed, target);
  const limits = await import("./form/limits.js").catch(() => null); // without it the server refuses the values
  const problem = limits?.outOfBounds(paths, target, session.store.get());
  if (problem) throw problem;
  if (!paths.every((path) => isLive(path, livePatterns))) return replace(session, target);
  const answer = await session.send(api.change, patchBody(paths, target, livePatterns));
  session.store.set({ confirmed: target });
  session.configSeq = answer.seq;
  const { config, warnings } = answer;
  if (config) session.store.set({ run: { ...session.store.get().run, config, warnings: warnings ?? [] } });
}

/** A run that was trained is paused and kept, so that undo can show it again. */
async function replace(session, target) {
  const { run, confirmed } = session.store.get();
  const training = isTraining(run);
  const keeps = (run.step > 0 || run.attempt > 0) && !document.body.dataset.lesson;
  await createRun(session, target, { start: training, replaces: keeps ? null : run.id });
  await session.branch("announce", { run, confirmed, target, keeps }).catch(() => null); // without a notice then
}
