// The configuration of B at an earlier step, where settings were changed after that step.

import { api } from "../core/api.js";

const DELAY = 150; // ms, so that steps which a drag only passes are not fetched
const CHANGES = ["change", "operation", "data"];

/** The configuration of B. */
export const configOfB = ({ reference, run, shown }) => (shown && reference.configOfB) || run?.config;

/** Keeps `reference.configOfB` equal to the configuration at the shown step; null: that of the newest step. */
export function followShownConfig(store) {
  const follower = { store, key: "", timer: 0 };
  store.watch((_, changed) => {
    if (!["reference", "shown", "timeline"].some((name) => changed.includes(name))) return;
    follower.timer ||= setTimeout(() => update(follower), DELAY);
  });
}

async function update(follower) {
  follower.timer = 0;
  const { store } = follower;
  const state = store.get();
  const { reference, run, shown } = state;
  if (!reference) return Object.assign(follower, { key: "" });
  const key = `${run.id}/${shown?.attempt}/${shown?.step}/${isChangedLater(state)}`;
  if (key === follower.key) return;
  follower.key = key;
  const at = isChangedLater(state) && `weights?step=${shown.step}&attempt=${shown.attempt}&arrays=typed`;
  const answer = at ? await api.read(run.id, at).catch(() => null) : null;
  const now = store.get().reference;
  const configOfB = answer?.config ?? null;
  if (now && follower.key === key && configOfB !== (now.configOfB ?? null)) {
    store.set({ reference: { ...now, configOfB } });
  }
}

/** Whether settings, points or units were changed after the shown step, or the attempt is an earlier one. */
function isChangedLater({ run, shown, timeline }) {
  if (!shown) return false;
  const isLater = ({ step, event }) => step > shown.step && CHANGES.includes(event.type);
  return shown.attempt !== run.attempt || Boolean(timeline?.log.events.some(isLater));
}
