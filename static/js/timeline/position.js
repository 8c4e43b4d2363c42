// Asks the stream for the views of an earlier step. While those of one step are on their way, only the newest wanted
// step is kept, so that dragging shows as many steps as the server can compute.

import { shownAttempt } from "./attempts.js";
import { measuredAt } from "./measured.js";
import { countUpTo } from "./recorded.js";

const OTHERS_WAIT = 80; // ms that the first view of a step waits for the other ones
const LONGEST_WAIT = 3000; // ms without any view

/** `go(step)` shows a step of the chosen attempt, `follow()` the newest step again. */
export function createPosition(store, session) {
  const position = { store, session, wanted: null, isBusy: false, timer: 0 };
  store.watch((state, changed) => {
    if (changed.some((key) => key.startsWith("view:"))) viewArrived(position);
    const progressed = changed.find((key) => key.startsWith("progress:"));
    if (progressed && isOf(state[progressed], state.shown)) replayProgressed(position, state[progressed].progress);
  });
  return {
    go: (step) => {
      position.wanted = step;
      if (!position.isBusy) send(position);
    },
    follow: () => {
      position.wanted = null;
      release(position);
      if (!store.get().shown) return;
      store.set({ shown: null });
      session.show(null);
    },
  };
}

function send(position) {
  const { store, session, wanted } = position;
  position.wanted = null;
  const state = store.get();
  const { shown, history, timeline } = state;
  const attempt = shownAttempt(state);
  if (wanted === null || (shown?.step === wanted && shown.attempt === attempt)) return;
  const { steps, epochs } = timeline.log;
  const epoch = epochs[countUpTo(steps, wanted) - 1] ?? NaN; // until the steps or a view are there
  const at = { step: wanted, attempt };
  store.set({ shown: { ...at, epoch, latest: measuredAt(history, wanted), progress: null } });
  session.show(at);
  position.isBusy = session.watched().length > 0;
  position.timer = setTimeout(() => release(position), LONGEST_WAIT);
}

function viewArrived(position) {
  const { store, session } = position;
  const state = store.get();
  if (!state.shown) return;
  const watched = session.watched();
  const arrived = watched.map((id) => frameOf(state, id)).filter((frame) => isOf(frame, state.shown));
  if (!arrived.length) return;
  const { epoch = state.shown.epoch } = arrived[0];
  const { shown } = state;
  if (epoch !== shown.epoch || shown.progress !== null) store.set({ shown: { ...shown, epoch, progress: null } });
  if (!position.isBusy) return;
  if (arrived.length === watched.length) return release(position);
  clearTimeout(position.timer);
  position.timer = setTimeout(() => release(position), OTHERS_WAIT);
}

/** A replay takes longer: its progress is shown, or, if another step is wanted by now, that one is asked for. */
function replayProgressed(position, progress) {
  const { store, session } = position;
  const { shown } = store.get();
  if (session.watched().some((id) => isOf(frameOf(store.get(), id), shown))) return; // a slow view, not the replay
  if (position.wanted !== null) release(position);
  else store.set({ shown: { ...shown, progress } });
}

/** The maps and the numbers of all units have one key each. */
const frameOf = (state, id) => state[`view:${/^(unit|numbers)-/.exec(id)?.[1] ?? id}`];

const isOf = (frame, shown) => frame?.step === shown?.step && frame?.attempt === shown?.attempt;

function release(position) {
  clearTimeout(position.timer);
  position.isBusy = false;
  if (position.wanted !== null) send(position);
}
