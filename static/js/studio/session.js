// The run of the page: its creation, changes of its configuration and commands are sent through one queue.

import { api, Unreachable } from "../core/api.js";
import { explain } from "./errors.js";
import { RequestQueue } from "./request-queue.js";
import { createRun, openRun } from "./run-connection.js";
import { positionOf } from "./stream-frames.js";
import { load } from "../core/loading.js";
import { getPath, same } from "../core/store.js";
import { t } from "../core/text.js";

/** Requests about the run, which return promises, and queries. Rejected values are reported in the state. */
export function createSession(store) {
  const session = {
    store, replacing: false, stream: null, subscription: null, refused: new Map(),
    queue: new RequestQueue(() => store.get().draft),
    reconcile: () => (isHeld(store.get())
      ? session.branch("offerChanges")
      : session.queue.change((draft) => changeTo(session, draft))),
    // The same within a command of the queue: what is queued behind it finds the run with the draft.
    reconcileNow: async () => {
      if (isHeld(store.get())) session.branch("offerChanges"); // not awaited: it may queue a request
      else await changeTo(session, store.get().draft);
    },
    withoutRefused: (_, draft) => draft, // nothing is rejected before the first change
    send: (request, body) => send(session, request, body),
    made: new Set(), // ids of the runs that this page made
    configSeq: 0, // seq of the last change that this page made
    following: 0, // changes made elsewhere that are being applied (run-connection)
    answered: 0, received: 0, // highest seq in an answer, and in a frame of the stream
  };
  session.branch = branching(session);
  const { made, branch } = session;
  return { ...opening(session), ...requests(session), ...queries(session), branch, made };
}

/** Whether changes of the draft wait for a decision, because they were made while an earlier step is shown. */
const isHeld = ({ shown, offer }) => (shown || offer?.holds) && !document.body.dataset.lesson;

/** Calls a function of branch/index.js, which is loaded when it is first needed. */
const branching = (session) => (name, ...values) =>
  load(() => import("../branch/index.js")).then((functions) => functions[name](session, ...values));

/** Changes the run to the draft; the module is loaded with the first change. */
const changeTo = (session, draft) => import("./change-run.js").then(
  ({ reconcile }) => reconcile(session, draft),
  (cause) => explain(session, new Unreachable(t("studio.api.unreachable"), { cause })),
);

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
    (store.get().shown ? session.branch("refuseEdit") : edit(operations));
  return {
    /** Sends the difference between the draft and the confirmed configuration. */
    reconcile: session.reconcile,
    reconcileNow: session.reconcileNow,
    command: (name, body) => command(() => sendCommand(session, name, body)),
    /** Commands that depend on the run when they are sent: `choose(run)` resolves to a list of [name, body]. */
    commands: (choose) => command(async () => {
      for (const [name, body] of await choose(store.get().run)) await sendCommand(session, name, body);
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
  accepted: () => session.withoutRefused(session, session.store.get().draft),
  confirmed: (path) => getPath(session.store.get().confirmed, path),
  settled: () => !session.queue.hasChanges() && same(session.store.get().draft, session.store.get().confirmed),
  /** Whether every request is answered and the stream has sent every frame that the answers refer to. */
  idle: () => session.queue.isEmpty() && !session.following && session.received >= session.answered,
  /** The ids of the subscribed views. */
  watched: () => (session.subscription?.subscribe ?? []).map((view) => view.id ?? view.view ?? view),
});

const EXPECTED = { start: "running", pause: "paused", stop: "stopped" };

/** Sends a transport command. The expected status is shown at once, and corrected by the server's answer. */
async function sendCommand(session, name, body) {
  const { store } = session;
  const before = store.get().run;
  try {
    const request = send(session, name === "change" ? api.change : (id) => api.command(id, name, body), body);
    // After the request is sent: what is shown takes longer than that.
    if (EXPECTED[name]) store.set({ run: { ...before, status: EXPECTED[name] } });
    const answer = await request;
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
