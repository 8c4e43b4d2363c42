// Asks the stream for the views of an earlier step. While those of one step are on their way, only the newest wanted
// step is kept, so that dragging shows as many steps as the server can compute.

import { measuredAt } from "./measured.js";
import { countUpTo } from "./recorded.js";

const OTHERS_WAIT = 80; // ms that the first view of a step waits for the other ones
const LONGEST_WAIT = 3000; // ms without any view

/** `go(step)` shows a step of the present attempt, `follow()` the newest step again. */
export function createPosition(store, session) {
  const position = { store, session, wanted: null, isBusy: false, timer: 0 };
  store.watch((_, changed) => changed.some((key) => key.startsWith("view:")) && viewArrived(position));
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
  const { shown, run, history, timeline } = store.get();
  if (wanted === null || (shown?.step === wanted && shown.attempt === run.attempt)) return;
  const { steps, epochs } = timeline.log;
  const epoch = epochs[countUpTo(steps, wanted) - 1] ?? 0;
  const at = { step: wanted, attempt: run.attempt };
  store.set({ shown: { ...at, epoch, latest: measuredAt(history, wanted) } });
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
  const { epoch } = arrived[0];
  if (epoch !== undefined && epoch !== state.shown.epoch) store.set({ shown: { ...state.shown, epoch } });
  if (!position.isBusy) return;
  if (arrived.length === watched.length) return release(position);
  clearTimeout(position.timer);
  position.timer = setTimeout(() => release(position), OTHERS_WAIT);
}

/** The maps and the numbers of all units have one key each. */
const frameOf = (state, id) => state[`view:${/^(unit|numbers)-/.exec(id)?.[1] ?? id}`];

const isOf = (frame, { step, attempt }) => frame?.step === step && frame.attempt === attempt;

function release(position) {
  clearTimeout(position.timer);
  position.isBusy = false;
  if (position.wanted !== null) send(position);
}
