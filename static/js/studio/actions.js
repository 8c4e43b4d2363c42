// All actions of the user by name. Buttons, keys and panels call only these.

import { explain } from "./errors.js";
import { load } from "../core/loading.js";
import { createUndoHistory, isTraining, placeOf, setPath } from "../core/store.js";
import { defaultConfig } from "./sharing.js";
import { sameUnit } from "./units.js";

const SETTLE = 140; // ms without a movement of a slider after which its value is sent
const HAS_DEPENDENTS = /^dataset\.|\.(name|activation)$/; // paths of fields on which others depend
const ONE_GESTURE = 900; // ms within which changes of one field are undone together

export function createActions(store, session) {
  const { changeNow, editWeights, editPoints, settled } = session;
  const sending = createSending(session);
  const undoHistory = undoHistoryOf(store);
  const draft = draftActions(store, session, sending, undoHistory);
  return {
    changeNow, editWeights, editPoints, settled, remember: undoHistory.remember,
    ...draft,
    ...undoActions(store, session, undoHistory, sending),
    ...transportActions(store, session, sending, draft.change, undoHistory),
    ...noticeActions(store, session),
    ...unitActions(store),
    /** Replaces a rejected value by the value in use. */
    revert: (path) => draft.change(path, session.confirmed(path), true),
    share: async () => (await import("./share-link.js")).shareLink(store, session),
    /** Opens the dialog that repeats the network with several values of a field. */
    vary: async (path) => (await load(() => import("./vary/index.js"))).openVary(store, path),
  };
}

/** Sends the draft at once (`now`), after SETTLE (`later`), or at once if it is waiting (`flush`, before commands). */
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

/** The history of undo and redo; `canUndo` and `canRedo` say whether it has a place before and after. */
function undoHistoryOf(store) {
  const history = createUndoHistory();
  const follow = (name) => (place = placeOf(store.get())) => {
    const result = history[name](place);
    store.set({ canUndo: !history.isEmpty(), canRedo: !history.isNewest() });
    return result;
  };
  return { map: history.map, ...Object.fromEntries(["remember", "undo", "redo"].map((name) => [name, follow(name)])) };
}

/** Changes of the draft. */
function draftActions(store, session, sending, undoHistory) {
  const put = createDraftSetter(store, undoHistory);
  const replace = (draft) => {
    put(draft);
    return sending.now();
  };
  let withChange = null;
  const change = (path, value, final) => {
    if (!withChange && HAS_DEPENDENTS.test(path)) {
      return session.fetching(async () => {
        ({ withChange } = await import("./form/with-change.js"));
        change(path, value, final);
      });
    }
    const { draft, catalogue } = store.get();
    put(withChange ? withChange(draft, path, value, catalogue) : setPath(draft, path, value), path);
    if (final) sending.now();
    else sending.later();
  };
  /** Replaces the draft by the result of a function of form/layer-edits. */
  const editLayers = (name, value) => session.fetching(async () => {
    const edits = await load(() => import("./form/layer-edits.js"));
    replace(edits[name](store.get().draft, value));
  });
  const chooseProblem = (task) => session.fetching(async () => {
    const { configurationFor } = await import("./choose-problem.js");
    replace(configurationFor(store.get(), task));
  });
  return { change, replace, editLayers, chooseProblem };
}

/** A function that sets the draft and remembers the one before; quick changes of one field are remembered as one. */
function createDraftSetter(store, undoHistory) {
  let last = { path: null, at: 0 };
  return (draft, path = null) => {
    const now = performance.now();
    const isSameGesture = path !== null && last.path === path && now - last.at < ONE_GESTURE;
    if (!isSameGesture) undoHistory.remember();
    last = { path, at: now };
    const hasSameLayers = draft.layers.length === store.get().draft.layers.length;
    if (!hasSameLayers) store.set({ pinned: null, hovered: null, sideBySide: [] });
    store.set({ draft });
  };
}

/** Undo and redo come after the requests that wait, which may lead to another run. */
function undoActions(store, session, undoHistory, sending) {
  const context = { store, session, undoHistory };
  const move = (name) => () => {
    sending.flush();
    return session.fetching(async () => (await import("./undo.js")).move(name, context));
  };
  return { undo: move("undo"), redo: move("redo") };
}

const hasEnded = ({ status }) => ["finished", "diverged", "failed"].includes(status);

/** The commands of the main button. */
async function mainCommands(run) {
  if (run.status === "finished") return (await load(() => import("./train-on.js"))).trainOn(run);
  return hasEnded(run) ? [["reset"], ["start"]] : [[isTraining(run) ? "pause" : "start"]];
}

/** Sends commands. Undo goes back to before a reset, whose attempt is kept, and before epochs were added. */
function transportCommands(store, session, sending, undoHistory) {
  return async (choose) => {
    sending.flush();
    let before = null; // the place that undo leads to
    await session.commands(async (run) => {
      const list = await choose(run);
      if (list.some(([name]) => name === "reset" || name === "change")) before = placeOf(store.get());
      return list;
    });
    const { run } = store.get();
    if (!before?.step || run.id !== before.run || document.body.dataset.lesson) return;
    undoHistory.remember(before);
    if (run.attempt !== before.attempt) session.branch("announceReset");
  };
}

/** The commands of the top bar. */
function transportActions(store, session, sending, change, undoHistory) {
  const commands = transportCommands(store, session, sending, undoHistory);
  const step = (unit) => () => commands((run) => (
    hasEnded(run) ? [] : [...(isTraining(run) ? [["pause"]] : []), ["step", { unit, count: 1 }]]));
  return {
    toggle: () => commands(mainCommands),
    step: step("step"),
    epoch: step("epoch"),
    reset: () => commands(() => [["reset"]]),
    newWeights: () => change("seed", Number(store.get().draft.seed) + 1, true),
    setSpeed(speed) {
      if (speed === store.get().speed) return;
      store.set({ speed });
      session.changeNow({ speed });
    },
  };
}

/** The actions of notices. */
const noticeActions = (store, session) => ({
  fresh() {
    store.set({ draft: store.get().draft ?? defaultConfig() });
    return session.begin(store.get().draft).catch((error) => explain({ store }, error));
  },
  dismiss() {
    const { run } = store.get();
    store.set({ dismissed: `${run.id}/${run.attempt}/${run.status}` });
  },
});

function unitActions(store) {
  return {
    hover: (unit) => sameUnit(unit, store.get().hovered) || store.set({ hovered: unit }),
    pin: (unit, keep = false) => store.set({ pinned: !keep && sameUnit(unit, store.get().pinned) ? null : unit }),
    keep: async (unit) => (await load(() => import("./side-by-side.js"))).keep(store, unit),
  };
}
