// The settings that were in force at the shown step, where they were changed after it: the form then shows these.

import { api } from "../core/api.js";
import { h, setProperty, setText } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { differences } from "../core/differences.js";
import { getPath, setPath } from "../core/store.js";
import { t } from "../core/text.js";
import { paradigmOf } from "../studio/problem.js";

const DELAY = 150; // ms, so that steps which a drag only passes are not fetched
const CHANGES = ["change", "operation", "data"];

/** The configuration at the shown step, or the newest one. */
export const shownConfig = ({ shownSettings, run }) => shownSettings?.config ?? run?.config;

/** The configuration `onto` with the changes that lead from `before` to `after`; another paradigm replaces it. */
const changed = (onto, before, after) => (paradigmOf(before) !== paradigmOf(after) ? after
  : differences(before, after).reduce((config, path) => setPath(config, path, getPath(after, path)), onto));

/** A configuration of the present as a change of the settings that the form shows. */
export const asShown = ({ shownSettings, confirmed }, draft) =>
  (shownSettings ? changed(confirmed, shownSettings.present.confirmed, draft) : draft);

/**
 * Keeps `shownSettings`, and says above the notices that the form shows them. Draft and confirmed configuration are
 * those of the shown step meanwhile, so that a change is one of these settings; changes that wait for a decision
 * stay changes when the step changes. Not in lessons, which only change the present. Returns a panel.
 */
export function followSettings({ store, session }) {
  const follower = { store, session, key: "", timer: 0, run: store.get().run.id };
  store.watch((state, keys) => {
    if (keys.includes("run") && state.run) runChanged(follower, state);
    if (keys.includes("draft")) keepDraft(store);
    if (!["shown", "timeline"].some((key) => keys.includes(key))) return;
    if (!state.shown) put(store, null); // before anything of the draft is sent
    follower.timer ||= setTimeout(() => update(follower), DELAY);
  });
  return settingsNote();
}

/** Another run has its own draft; changes by the server are changes of the present settings. */
function runChanged(follower, { run, shownSettings }) {
  const { store } = follower;
  if (run.id !== follower.run) {
    Object.assign(follower, { run: run.id, key: "" });
    return store.set({ shownSettings: null });
  }
  if (!shownSettings || run.config === shownSettings.newest) return;
  const { present, newest, config } = shownSettings;
  const changedHere = (other) => changed(other, newest, run.config);
  const now = { draft: changedHere(present.draft), confirmed: changedHere(present.confirmed) };
  store.set({ shownSettings: { config, present: now, newest: run.config } });
  put(store, config);
}

async function update(follower) {
  follower.timer = 0;
  const { store, session } = follower;
  const { run, shown } = store.get();
  const key = changesBefore(store.get());
  if (key === follower.key) return;
  follower.key = key;
  const at = key && `weights?step=${shown.step}&attempt=${shown.attempt}&arrays=typed`;
  const answer = at ? await api.read(run.id, at).catch(() => null) : null;
  // After the changes that are being sent.
  await session.fetching(async () => follower.key === key && put(store, answer?.config ?? null));
}

/** A text for the settings at the shown step: "" for those of the newest step. */
function changesBefore({ run, shown, timeline }) {
  if (!shown) return "";
  const events = timeline.log.events.filter(({ event }) => CHANGES.includes(event.type));
  const before = events.filter(({ step }) => step <= shown.step);
  const isPresent = shown.attempt === run.attempt && before.length === events.length;
  return isPresent ? "" : `${run.id}/${shown.attempt}/${before.length}`;
}

/** Shows the settings of a configuration in place of the present ones; null: the present ones again. */
function put(store, config) {
  const { draft, confirmed, shownSettings, run } = store.get();
  if (!config && !shownSettings) return;
  const present = shownSettings?.present ?? { draft, confirmed };
  const shown = config ? changed(present.confirmed, run.config, config) : present.confirmed;
  store.set({
    confirmed: shown, draft: changed(shown, confirmed, draft),
    shownSettings: config && { config, present, newest: run.config },
  });
}

/** Undo remembers the present settings with the changes that wait for a decision. */
function keepDraft(store) {
  const { draft, confirmed, shownSettings } = store.get();
  if (!shownSettings) return;
  const { present } = shownSettings;
  const next = { ...present, draft: changed(present.confirmed, confirmed, draft) };
  store.set({ shownSettings: { ...shownSettings, present: next } });
}

function settingsNote() {
  const note = h("p", { class: "settings-note", hidden: true });
  document.getElementById("notices").before(note);
  return {
    name: "settings-note", needs: ["shown", "shownSettings"],
    draw: ({ shown, shownSettings }) => {
      setProperty(note, "hidden", !shown || !shownSettings);
      if (!note.hidden) setText(note, t("timeline.settings_of_step", { step: integer(shown.step) }));
    },
  };
}
