// The run behind the page: one queue for its creation, changes of its configuration, and commands.

import { api } from "../core/api.js";
import { isLive, patchBody } from "./form/config-changes.js";
import { outOfBounds } from "./form/limits.js";
import { explain, refuse, withoutRefused } from "./form/rejected-values.js";
import { createRequestQueue } from "./request-queue.js";
import { createRun, followConfig, openRun, reloadPoints } from "./run-connection.js";
import { positionOf } from "./stream-frames.js";
import { differences, getPath, same } from "../core/store.js";
import { t } from "../core/text.js";

/** All that may be done to the run. Requests return promises; what the server refuses is reported in the state. */
export function createSession(store) {
  const queue = createRequestQueue(() => store.get().draft);
  const reconcileNow = () => queue.change((draft) => reconcile(session, draft));
  const session = {
    store, queue, reconcile: reconcileNow, replacing: false, stream: null, subscription: null, refused: new Map(),
    configSeq: 0, // position in the log of the run of the page's own last change
    answered: 0, received: 0, // positions that the last answer spoke of, and that the stream has sent
  };
  const command = async (request) => {
    if (store.get().run) await queue.command(() => request().catch((error) => explain(session, error)));
  };
  return {
    /** Make a run; rejects if the server refuses it. `early` is the same request, made before the modules arrived. */
    begin: (config, early) => queue.command(
      () => createRun(session, config, { start: false, early, replaces: window.leftBehind })),
    /** Open a run that exists; rejects if it does not. */
    open: (id) => queue.command(() => openRun(session, id)),
    /** Send what differs between the draft and the confirmed configuration. */
    reconcile: reconcileNow,
    /** The draft without the values that the server refused: what a link may carry. */
    accepted: () => withoutRefused(session, store.get().draft),
    confirmed: (path) => getPath(store.get().confirmed, path),
    settled: () => !queue.hasChanges() && same(store.get().draft, store.get().confirmed),
    /** Whether every request is answered and the stream has sent all that the answers speak of. */
    idle: () => queue.isEmpty() && session.received >= session.answered,
    /** The ids of the subscribed views. */
    watched: () => (session.subscription?.[0] ?? []).map((view) => view.id ?? view.view ?? view),
    command: (name, body) => command(() => sendCommand(session, name, body)),
    /** Commands that depend on the run's status when their turn comes: `choose(run)` gives a list of [name, body]. */
    commands: (choose) => command(async () => {
      for (const [name, body] of choose(store.get().run)) await sendCommand(session, name, body);
    }),
    /** Runs a task that fetches a module before it changes the draft: until it ends, the page is not idle. */
    fetching: (task) => queue.command(task),
    changeNow: (changes) => command(() => send(session, api.change, changes)),
    editWeights: (operations) => command(() => send(session, api.editWeights, operations)),
    editPoints: (operations) => queue.command(() => editPoints(session, operations)),
    subscribe: (views, fps) => {
      session.subscription = [views, fps];
      session.stream?.subscribe(views, fps);
    },
  };
}

/** Bring the run to a draft; what the server refuses of it is left out, and the rest tried again. */
async function reconcile(session, draft) {
  const { store } = session;
  while (store.get().confirmed) {
    const target = withoutRefused(session, draft);
    if (same(target, store.get().confirmed)) return;
    const error = await apply(session, target).then(() => null, (refusal) => refusal);
    if (error && !refuse(session, target, error)) return;
  }
}

/** A live change where possible, else a new run in place of this one. */
async function apply(session, target) {
  const { run, livePatterns, confirmed } = session.store.get();
  const paths = differences(confirmed, target);
  const problem = outOfBounds(paths, target, session.store.get());
  if (problem) throw problem;
  if (!paths.every((path) => isLive(path, livePatterns))) return replace(session, target);
  const answer = await send(session, api.change, patchBody(paths, target, livePatterns));
  session.store.set({ confirmed: target });
  session.configSeq = answer.seq;
  const { config, warnings } = answer;
  if (config) session.store.set({ run: { ...session.store.get().run, config, warnings: warnings ?? [] } });
}

async function replace(session, target) {
  const { id, status } = session.store.get().run;
  const training = status === "running" || status === "queued";
  await createRun(session, target, { start: training, replaces: id });
  const text = training ? t("studio.notice.new_run_training") : t("studio.notice.new_run");
  session.store.set({ notice: { text, kind: "info", at: performance.now() } });
}

const EXPECTED = { start: "running", pause: "paused", stop: "stopped" };

/** A transport command; the expected status is shown at once and corrected by the server's answer. */
async function sendCommand(session, name, body) {
  const { store } = session;
  const before = store.get().run;
  if (EXPECTED[name]) store.set({ run: { ...before, status: EXPECTED[name] } });
  try {
    const answer = await send(session, (id) => api.command(id, name, body));
    const { run } = store.get();
    // The stream may have sent something later already.
    if (run.id !== before.id || answer.seq < (run.seq ?? 0)) return;
    store.set({ run: { ...run, status: answer.status, ...positionOf(answer) } });
  } catch (error) {
    if (store.get().run.id === before.id) store.set({ run: { ...store.get().run, status: before.status } });
    throw error;
  }
}

/** A request about the page's run; its answer says how far the run's log has come. */
async function send(session, request, body) {
  const { id } = session.store.get().run;
  const answer = await request(id, body);
  if (session.store.get().run?.id === id) session.answered = Math.max(session.answered, answer.seq ?? 0);
  return answer;
}

/** Change the points of the run; resolves to the event, or to null if that was refused. */
async function editPoints(session, operations) {
  const { id } = session.store.get().run;
  try {
    const answer = await api.editPoints(id, operations);
    if (session.store.get().run.id === id) followConfig(session, answer);
    return answer.event;
  } catch (error) {
    explain(session, error);
    reloadPoints(session, id);
    return null;
  }
}
