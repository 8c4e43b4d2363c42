// Everything a person can do, by name; buttons, keys and panels call these and nothing else.

import { withChange } from "./form/config-changes.js";
import { applies, firstOf, paradigmOf, sourcesFor } from "./problem.js";
import { explain } from "./form/rejected-values.js";
import { createPast, getPath } from "../core/store.js";
import { defaultConfig, toHash } from "./sharing.js";
import { sameUnit } from "./units.js";

const SETTLE = 140; // ms a dragged slider rests before its value is sent
const MOST_BESIDE = 6;
const ONE_GESTURE = 900; // ms within which changes of one field are undone together

export function createActions(store, session) {
  const past = createPast();
  const gesture = { path: null, at: 0 };
  const settle = { timer: 0 };
  const put = (draft) => {
    store.set({ draft, shownLabel: 0 });
    session.reconcile();
  };
  const replace = (draft, path = null) => {
    const again = path !== null && gesture.path === path && performance.now() - gesture.at < ONE_GESTURE;
    if (!again) past.remember(store.get().draft);
    Object.assign(gesture, { path, at: performance.now() });
    if (draft.layers.length !== store.get().draft.layers.length) store.set({ pinned: null, hovered: null, sideBySide: [] });
    store.set({ draft });
  };
  const change = (path, value, final) => {
    const { draft, catalogue } = store.get();
    replace(withChange(draft, path, value, catalogue), path);
    clearTimeout(settle.timer);
    if (final) session.reconcile();
    else settle.timer = setTimeout(session.reconcile, SETTLE);
  };
  const travel = (direction) => () => {
    const config = past[direction](store.get().draft);
    if (config) put(config);
    store.set({ notice: { text: config ? `${direction === "undo" ? "Undone" : "Redone"}.` : `Nothing to ${direction}.`, kind: "info", at: performance.now() } });
  };
  return {
    change, undo: travel("undo"), redo: travel("redo"),
    replace: (draft) => {
      replace(draft);
      return session.reconcile();
    },
    ...transportActions(store, session, change),
    ...lookActions(store, session),
    /** Give up a refused value for what the run goes on with. */
    revert: (path) => change(path, session.applied(path), true),
    /** Another kind of problem: its first source, and the form of its paradigm. */
    chooseProblem: (task) => {
      const { catalogue, draft } = store.get();
      const { paradigm } = catalogue.tasks[task];
      const { field, entries } = sourcesFor(catalogue, task);
      const base = paradigm === paradigmOf(draft) ? draft : paradigm === "supervised" ? defaultConfig() : firstOf(catalogue, paradigm);
      const now = entries.find((each) => each.name === getPath(base, field));
      replace(now && applies(now, task) && base !== draft ? base : withChange(base, field, entries[0].name, catalogue));
      session.reconcile();
    },
  };
}

function transportActions(store, session, change) {
  const status = () => store.get().run?.status;
  const running = () => status() === "running" || status() === "queued";
  const ended = () => ["finished", "diverged", "failed"].includes(status());
  const step = (unit) => async () => {
    if (!store.get().run || ended()) return;
    if (running()) await session.command("pause");
    session.command("step", { unit, count: 1 });
  };
  return {
    async toggle() {
      if (!store.get().run) return;
      if (ended()) await session.command("reset");
      session.command(running() ? "pause" : "start");
    },
    step: step("step"),
    epoch: step("epoch"),
    reset: () => session.command("reset"),
    changeNow: session.changeNow,
    operate: session.operate,
    settled: session.settled,
    draw: session.draw,
    newWeights: () => change("seed", Number(store.get().draft.seed) + 1, true),
    setSpeed(speed) {
      if (speed === store.get().speed) return;
      store.set({ speed });
      session.changeNow({ speed });
    },
    fresh: () => session.begin(wantedOrDefault(store)).catch((error) => explain({ store }, error)),
    dismiss() {
      const { run } = store.get();
      store.set({ dismissed: `${run.id}/${run.attempt}/${run.status}` });
    },
  };
}

function lookActions(store, { accepted }) {
  return {
    hover: (unit) => sameUnit(unit, store.get().hovered) || store.set({ hovered: unit }),
    pin: (unit, keep = false) => store.set({ pinned: !keep && sameUnit(unit, store.get().pinned) ? null : unit }),
    /** Keep a unit's map beside others, or let it go; of too many the oldest goes. */
    keep(unit) {
      const { sideBySide } = store.get();
      const others = sideBySide.filter((each) => !sameUnit(each, unit));
      store.set({ sideBySide: others.length < sideBySide.length ? others : [...sideBySide, { layer: unit.layer, unit: unit.unit }].slice(-MOST_BESIDE) });
    },
    async share() {
      const link = `${location.origin}/${toHash(accepted())}`;
      const text = await navigator.clipboard.writeText(link).then(() => "Link copied: it carries the whole configuration.", () => "The address above carries the whole configuration.");
      history.replaceState(null, "", link);
      store.set({ notice: { text, kind: "info", at: performance.now() } });
    },
  };
}

/** The draft; the default where the page's run no longer exists and none was made yet. */
function wantedOrDefault(store) {
  store.set({ draft: store.get().draft ?? defaultConfig() });
  return store.get().draft;
}
