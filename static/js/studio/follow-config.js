// Changes of the run's configuration that this page did not make. Loaded with the first of them.

import { differences, merge } from "../core/differences.js";
import { getPath, same, setPath } from "../core/store.js";

/**
 * Applies the configuration of a frame or an answer, which may contain changes from another window, or added units
 * or points. Draft and confirmed configuration change only where they are equal to the previous one of the run.
 */
export function followConfig(session, { config, event, seq }, reloadPoints) {
  const { run } = session.store.get();
  if (seq <= session.configSeq) return; // older than the last change by this page
  const next = config ?? (event?.type === "change" ? merge(run.config, event.changes) : run.config);
  const paths = differences(run.config, next);
  if (!paths.length) return;
  const update = (other) => paths
    .filter((path) => isEqual(getPath(other, path), getPath(run.config, path)))
    .reduce((result, path) => setPath(result, path, getPath(next, path)), other);
  session.store.set({ run: { ...run, config: next } });
  // While a change by this page is waiting for its answer, the answer sets both.
  const { draft, confirmed, shownSettings } = session.store.get();
  const isPresent = !session.queue.hasChanges() && !shownSettings;
  if (isPresent) session.store.set({ draft: update(draft), confirmed: update(confirmed) });
  if (paths.includes("dataset.content")) reloadPoints(session, run.id);
}

const isEqual = (first, second) => same(first ?? null, second ?? null);
