// Handlers of the frames of the stream: each updates the state.

import { append, emptyHistory, presentKey } from "../core/history.js";
import { same } from "../core/store.js";

const HANDLERS = {
  view: receiveView, progress: receiveProgress, status: receiveStatus, event: receiveEvent, reset: receiveReset,
  error: receiveError,
};

/**
 * Handles a frame of the stream. `context` is { store, subscribed(), reloadHistory(id), followConfig(config, seq) }.
 * Frames of another run than the page's are ignored. Throws an Error if the kind of the frame is unknown.
 */
export function receiveFrame(context, frame) {
  if (!Object.hasOwn(HANDLERS, frame.kind)) {
    throw new Error(`Expected a frame of kind ${Object.keys(HANDLERS).join(", ")}; the stream sent "${frame.kind}".`);
  }
  const { run } = context.store.get();
  if (run && frame.run === run.id) HANDLERS[frame.kind](context, frame);
}

/** The position of the run in a frame or an answer. */
export const positionOf = ({ seq, step, epoch, attempt }) => ({ seq, step, epoch, attempt });

/** The state keeps one map and one set of numbers of a unit, the newest: those of all units have one key. */
function viewKey({ id, view, progress }) {
  if (progress !== undefined) return `progress:${id ?? view}`;
  const shared = /^(unit|numbers)-/.exec(id);
  return `view:${shared?.[1] ?? id ?? view}`;
}

/** While an earlier step is shown, frames of any other step are out of date. */
function receiveView({ store }, frame) {
  const { shown } = store.get();
  if (shown && (shown.step !== frame.step || shown.attempt !== frame.attempt)) return;
  const isResolved = store.get().viewError?.id === frame.id;
  store.set({ [viewKey(frame)]: frame, ...(isResolved ? { viewError: null } : {}) });
}

function receiveProgress({ store }, frame) {
  const state = store.get();
  const { run } = state;
  const { learning_rate, steps_per_second } = frame;
  const key = presentKey(state);
  store.set({
    run: { ...run, ...(frame.seq < run.seq ? {} : positionOf(frame)), learning_rate, steps_per_second, latest: null },
    [key]: append(state[key], frame.attempt, frame.points),
  });
}

function receiveStatus({ store, followConfig }, frame) {
  followConfig(frame);
  const state = store.get();
  const { run, speed } = state;
  const key = presentKey(state);
  const { status, reason, reason_code, reason_parameters, latest, pause_when } = frame;
  const { learning_rate, steps_per_second } = frame;
  // Equal warnings stay the same object: the graph and the form, which show them, are not drawn again.
  const warnings = same(frame.warnings, run.warnings) ? run.warnings : frame.warnings;
  store.set({
    run: {
      ...run, ...positionOf(frame), status, reason, reason_code, reason_parameters, warnings, latest, learning_rate,
      steps_per_second, pause_when: pause_when ?? run.pause_when,
    },
    [key]: frame.attempt > state[key].attempt ? emptyHistory(frame.attempt) : state[key],
    speed: frame.speed ?? speed,
  });
}

function receiveEvent({ store, followConfig }, frame) {
  store.set({ lastEvent: frame });
  if (frame.event?.type === "operation") store.set({ parametersEditedAt: frame.seq });
  followConfig(frame);
}

function receiveReset({ reloadHistory }, { run }) {
  reloadHistory(run);
}

/** The field of the error names the position of the view in the subscription. */
function receiveError({ store, subscribed }, { error }) {
  const rejected = subscribed()[/^subscribe\.(\d+)/.exec(error.field ?? "")?.[1]];
  store.set({ viewError: { ...error, id: rejected?.id ?? rejected?.view ?? rejected } });
}
