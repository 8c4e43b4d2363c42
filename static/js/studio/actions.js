// Everything a person can do, by name; buttons, keys and panels call these and nothing else.

import { withChange } from "./form/config-changes.js";
import { explain } from "./form/rejected-values.js";
import { createUndoHistory } from "../core/store.js";
import { defaultConfig } from "./sharing.js";
import { t } from "../core/text.js";
import { sameUnit } from "./units.js";

const SETTLE = 140; // ms a dragged slider rests before its value is sent
const MAX_SIDE_BY_SIDE = 6;
const ONE_GESTURE = 900; // ms within which changes of one field are undone together

export function createActions(store, session) {
  const sending = createSending(session);
  const draft = draftActions(store, session, sending);
  return {
    ...draft,
    ...transportActions(store, session, sending, draft.change),
    ...unitActions(store),
    /** Replace a refused value by the one that the run has. */
    revert: (path) => draft.change(path, session.confirmed(path), true),
    share: async () => (await import("./share-link.js")).shareLink(store, session),
  };
}

/** When the draft is sent: at once, or after it has rested; a command does not wait for that. */
function createSending(session) {
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    timer = 0;
    return session.reconcile();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(now, SETTLE);
  };
  return { now, later, flush: () => timer && now() };
}

const notify = (store, text) => store.set({ notice: { text, kind: "info", at: performance.now() } });

/** Changes of the draft, with undo and redo. */
function draftActions(store, session, sending) {
  const undoHistory = createUndoHistory();
  const gesture = { path: null, at: 0 };
  const put = (draft, path = null) => {
    const again = path !== null && gesture.path === path && performance.now() - gesture.at < ONE_GESTURE;
    if (!again) undoHistory.remember(store.get().draft);
    Object.assign(gesture, { path, at: performance.now() });
    const hasSameLayers = draft.layers.length === store.get().draft.layers.length;
    if (!hasSameLayers) store.set({ pinned: null, hovered: null, sideBySide: [] });
    store.set({ draft });
  };
  const replace = (draft) => {
    put(draft);
    return sending.now();
  };
  const restore = (config, text) => {
    if (config) store.set({ draft: config, shownLabel: 0 });
    if (config) sending.now();
    notify(store, text);
  };
  const undo = () => {
    const config = undoHistory.undo(store.get().draft);
    restore(config, config ? t("studio.notice.undone") : t("studio.notice.nothing_to_undo"));
  };
  const redo = () => {
    const config = undoHistory.redo(store.get().draft);
    restore(config, config ? t("studio.notice.redone") : t("studio.notice.nothing_to_redo"));
  };
  const change = (path, value, final) => {
    const { draft, catalogue } = store.get();
    put(withChange(draft, path, value, catalogue), path);
    if (final) sending.now();
    else sending.later();
  };
  const chooseProblem = (task) => session.fetching(async () => {
    const { configurationFor } = await import("./choose-problem.js");
    replace(configurationFor(store.get(), task));
  });
  return { change, replace, undo, redo, chooseProblem };
}

const isTraining = ({ status }) => status === "running" || status === "queued";
const hasEnded = ({ status }) => ["finished", "diverged", "failed"].includes(status);

function transportActions(store, session, sending, change) {
  const commands = (choose) => {
    sending.flush();
    return session.commands(choose);
  };
  const step = (unit) => () => commands((run) => (
    hasEnded(run) ? [] : [...(isTraining(run) ? [["pause"]] : []), ["step", { unit, count: 1 }]]));
  return {
    toggle: () => commands((run) => (hasEnded(run) ? [["reset"], ["start"]] : [[isTraining(run) ? "pause" : "start"]])),
    step: step("step"),
    epoch: step("epoch"),
    reset: () => commands(() => [["reset"]]),
    changeNow: session.changeNow,
    editWeights: session.editWeights,
    editPoints: session.editPoints,
    settled: session.settled,
    newWeights: () => change("seed", Number(store.get().draft.seed) + 1, true),
    setSpeed(speed) {
      if (speed === store.get().speed) return;
      store.set({ speed });
      session.changeNow({ speed });
    },
    fresh() {
      store.set({ draft: store.get().draft ?? defaultConfig() });
      return session.begin(store.get().draft).catch((error) => explain({ store }, error));
    },
    dismiss() {
      const { run } = store.get();
      store.set({ dismissed: `${run.id}/${run.attempt}/${run.status}` });
    },
  };
}

function unitActions(store) {
  return {
    hover: (unit) => sameUnit(unit, store.get().hovered) || store.set({ hovered: unit }),
    pin: (unit, keep = false) => store.set({ pinned: !keep && sameUnit(unit, store.get().pinned) ? null : unit }),
    /** Add a unit's map to those side by side, or remove it; of too many the oldest is removed. */
    keep(unit) {
      const { sideBySide } = store.get();
      const others = sideBySide.filter((other) => !sameUnit(other, unit));
      const added = [...sideBySide, { layer: unit.layer, unit: unit.unit }].slice(-MAX_SIDE_BY_SIDE);
      store.set({ sideBySide: others.length < sideBySide.length ? others : added });
    },
  };
}
