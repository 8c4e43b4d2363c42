// The page's connection to its run: creates or opens it, and keeps its stream, points, history and configuration.

import { api } from "../core/api.js";
import { emptyHistory, fromAnswer, presentKey } from "../core/history.js";
import { follow } from "../core/live-stream.js";
import { load } from "../core/loading.js";
import { same } from "../core/store.js";
import { receiveFrame } from "./stream-frames.js";

/** Creates a run, which replaces the run `replaces` unless that is the reference, and connects the page to it. */
export async function createRun(session, config, { start, replaces, early }) {
  const { speed, reference } = session.store.get();
  const body = { ...config, start, speed, ...(replaces && replaces !== reference?.run ? { replaces } : {}) };
  session.replacing = true;
  const request = early ? api.answer(early.response) : api.create(body);
  const answer = await request.finally(() => (session.replacing = false));
  session.store.set({ confirmed: config });
  session.made.add(answer.id);
  // A reload replaces this run, see templates/early.js; not from its first step on.
  if (!document.body.dataset.runId) sessionStorage.setItem("perceptarium-run", answer.id);
  connect(session, answer, 0, early);
  return answer;
}

/** Connects the page to an existing run. */
export async function openRun(session, id) {
  const run = await api.run(id);
  session.store.set({ draft: run.config, confirmed: run.config, speed: run.speed ?? "max" });
  connect(session, run, run.seq);
  reloadHistory(session, run.id);
  return run;
}

/** Shows the values of the run at once. The views of the previous run stay until those of this run arrive. */
function connect(session, run, after, early = null) {
  session.stream?.close();
  Object.assign(session, { answered: after, received: after, configSeq: 0 });
  const runState = { reason: run.status_reason ?? null, ...run };
  session.store.set({
    run: runState, history: emptyHistory(run.attempt), presentHistory: null, errors: {}, offer: null,
  });
  session.stream = follow(run.id, {
    after,
    early,
    onFrame: (frame) => receive(session, frame),
    onConnection: (connection) => changeConnection(session, connection),
  });
  if (session.subscription) session.stream.request(session.subscription);
  reloadPoints(session, run.id);
}

function receive(session, frame) {
  const { store } = session;
  const isLogged = frame.kind !== "view" && Number.isFinite(frame.seq) && frame.run === store.get().run?.id;
  if (isLogged) session.received = Math.max(session.received, frame.seq);
  receiveFrame({
    store,
    subscribed: () => session.subscription?.subscribe ?? [],
    reloadHistory: (id) => reloadHistory(session, id),
    followConfig: (carrier) => followOther(session, carrier),
  }, frame);
}

/** Changes made while the connection was lost are sent when it is open again. */
function changeConnection({ store, reconcile, replacing }, connection) {
  if (connection === "gone" && replacing) return; // the server removed the run before it answered with the new one
  const { connection: before, notice } = store.get();
  store.set(connection === "open" && notice?.lost ? { connection, notice: null } : { connection });
  if (before === "lost" && connection === "open") reconcile();
}

export const reloadPoints = ({ store }, id) => loadPoints(store, id);

let pointRequests = 0;

/** Fetches the points of the run, or of a step that `query` names; only the answer to the last request is shown. */
export async function loadPoints(store, id, query = {}) {
  const request = ++pointRequests;
  const points = await api.points(id, query).catch(() => null);
  if (points && request === pointRequests && store.get().run?.id === id) store.set({ points: { ...points, run: id } });
}

async function reloadHistory({ store }, id) {
  const answer = await api.history(id).catch(() => null);
  const state = store.get();
  const key = presentKey(state);
  if (answer && state.run?.id === id) store.set({ [key]: fromAnswer(answer, state[key]) });
}

/** Applies a configuration that differs from that of the run; the module is loaded with the first one. */
async function followOther(session, carrier) {
  const { config, event } = carrier;
  const differs = config ? !same(config, session.store.get().run.config) : event?.type === "change";
  // Those that follow one that is being applied wait for it.
  if (carrier.seq <= session.configSeq || (!differs && !session.following)) return;
  session.following += 1;
  const { followConfig } = await load(() => import("./follow-config.js"));
  session.following -= 1;
  if (session.store.get().run?.id === carrier.run) followConfig(session, carrier, reloadPoints);
}
