// The run of the page: its creation, changes of its configuration and commands are sent through one queue.

import { api } from "../core/api.js";
import { isLive, patchBody } from "./form/config-changes.js";
import { explain, refuse, withoutRefused } from "./form/rejected-values.js";
import { RequestQueue } from "./request-queue.js";
import { createRun, openRun } from "./run-connection.js";
import { positionOf } from "./stream-frames.js";
import { load } from "../core/loading.js";
import { differences, getPath, isTraining, same } from "../core/store.js";

/** Requests about the run, which return promises, and queries. Rejected values are reported in the state. */
export function createSession(store) {
  const session = {
    store, replacing: false, stream: null, subscription: null, refused: new Map(),
    queue: new RequestQueue(() => store.get().draft),
    reconcile: () => (isHeld(store.get())
      ? branching(session)("offerChanges")
      : session.queue.change((draft) => reconcile(session, draft))),
    // The same within a command of the queue: what is queued behind it finds the run with the draft.
    reconcileNow: async () => {
      if (isHeld(store.get())) branching(session)("offerChanges"); // not awaited: it may queue a request
      else await reconcile(session, store.get().draft);
    },
    made: new Set(), // ids of the runs that this page made
    configSeq: 0, // seq of the last change that this page made
    answered: 0, received: 0, // highest seq in an answer, and in a frame of the stream
  };
  const { made } = session;
  return { ...opening(session), ...requests(session), ...queries(session), branch: branching(session), made };
}

/** Whether changes of the draft wait for a decision, because they were made while an earlier step is shown. */
const isHeld = ({ shown, offer }) => (shown || offer?.holds) && !document.body.dataset.lesson;

/** Calls a function of branch/index.js, which is loaded when it is first needed. */
const branching = (session) => (name, ...values) =>
  load(() => import("../branch/index.js")).then((functions) => functions[name](session, ...values));

/** Creates and opens runs, and subscribes to views. */
const opening = (session) => ({
  /** Creates a run; rejects if the server refuses it. `early` is the same request, sent before this module loaded. */
  begin: (config, early) => session.queue.command(
    () => createRun(session, config, { start: false, early, replaces: window.replacedRun })),
  /** Opens a run; rejects if it does not exist. */
  open: (id) => session.queue.command(() => openRun(session, id)),
  subscribe: (views, fps) => {
    session.subscription = { subscribe: views, fps };
    session.stream?.request(session.subscription);
  },
  /** Asks for the views of a step, {step, attempt}; null: for those of the newest one. */
  show: (at) => session.stream?.request({ at }),
});

/** Requests about the page's run, sent one after another. */
function requests(session) {
  const { queue, store } = session;
  const command = async (request) => {
    if (store.get().run) await queue.command(() => request().catch((error) => explain(session, error)));
  };
  /** An edit, which is refused while an earlier step is shown; null then. */
  const ofPresent = (edit) => async (operations) =>
    (store.get().shown ? branching(session)("refuseEdit") : edit(operations));
  return {
    /** Sends the difference between the draft and the confirmed configuration. */
    reconcile: session.reconcile,
    reconcileNow: session.reconcileNow,
    command: (name, body) => command(() => sendCommand(session, name, body)),
    /** Commands that depend on the run when they are sent: `choose(run)` returns a list of [name, body]. */
    commands: (choose) => command(async () => {
      for (const [name, body] of choose(store.get().run)) await sendCommand(session, name, body);
    }),
    /** Runs a task that fetches a module before it changes the draft: until it ends, the page is not idle. */
    fetching: (task) => queue.command(task),
    changeNow: (changes) => command(() => send(session, api.change, changes)),
    editWeights: ofPresent((operations) => command(() => send(session, api.editWeights, operations))),
    editPoints: ofPresent((operations) => queue.command(
      async () => (await import("./point-edits.js")).editPoints(session, operations))),
  };
}

const queries = (session) => ({
  /** The draft without rejected values: the configuration that a link contains. */
  accepted: () => withoutRefused(session, session.store.get().draft),
  confirmed: (path) => getPath(session.store.get().confirmed, path),
  settled: () => !session.queue.hasChanges() && same(session.store.get().draft, session.store.get().confirmed),
  /** Whether every request is answered and the stream has sent every frame that the answers refer to. */
  idle: () => session.queue.isEmpty() && session.received >= session.answered,
  /** The ids of the subscribed views. */
  watched: () => (session.subscription?.subscribe ?? []).map((view) => view.id ?? view.view ?? view),
});

/** Changes the run to the draft. Rejected values are left out, and the remaining changes are sent again. */
async function reconcile(session, draft) {
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
  const answer = await send(session, api.change, patchBody(paths, target, livePatterns));
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
  await branching(session)("announce", { run, confirmed, target, keeps }).catch(() => null); // without a notice then
}

const EXPECTED = { start: "running", pause: "paused", stop: "stopped" };

/** Sends a transport command. The expected status is shown at once, and corrected by the server's answer. */
async function sendCommand(session, name, body) {
  const { store } = session;
  const before = store.get().run;
  if (EXPECTED[name]) store.set({ run: { ...before, status: EXPECTED[name] } });
  try {
    const answer = await send(session, name === "change" ? api.change : (id) => api.command(id, name, body), body);
    const { run } = store.get();
    // The stream may have sent a newer status.
    if (run.id !== before.id || answer.seq < (run.seq ?? 0)) return;
    store.set({ run: { ...run, status: answer.status, ...positionOf(answer) } });
  } catch (error) {
    if (store.get().run.id === before.id) store.set({ run: { ...store.get().run, status: before.status } });
    throw error;
  }
}

/** Sends a request about the page's run, and records the `seq` of its answer. */
async function send(session, request, body) {
  const { id } = session.store.get().run;
  const answer = await request(id, body);
  if (session.store.get().run?.id === id) session.answered = Math.max(session.answered, answer.seq ?? 0);
  return answer;
}
