// The run behind the page: keeps it equal to the configuration a person wants, and carries out the transport's commands.

import { api } from "../core/api.js";
import { append, emptyHistory, fromAnswer } from "../core/history.js";
import { outOfBounds } from "./form/limits.js";
import { follow } from "../core/live-stream.js";
import { patchBody, isLive } from "./form/config-changes.js";
import { explain, refuse, withoutRefused } from "./form/rejected-values.js";
import { differences, getPath, same } from "../core/store.js";

/** All that may be done to the run; every method returns a promise and reports refusals in the state. */
export function createSession(store) {
  const session = { store, applied: null, stream: null, busy: false, refused: new Map(), changedAt: 0, queue: Promise.resolve(), subscription: null, unanswered: 0, answered: 0, heard: 0 };
  return {
    begin: (config, early) => create(session, config, { start: false, early, replaces: window.leftBehind }),
    open: (id) => enter(session, id),
    reconcile: () => reconcile(session),
    /** The draft configuration without what the server refused: what a link may carry. */
    accepted: () => withoutRefused(session, store.get().draft),
    applied: (path) => getPath(session.applied, path),
    settled: () => !session.busy && same(store.get().draft, session.applied),
    /** Every command is answered, and the stream has told of all that the answers speak of. */
    idle: () => !session.busy && !session.unanswered && session.heard >= session.answered,
    /** The ids of the views that were asked for. */
    watched: () => (session.subscription?.[0] ?? []).map((view) => view.id ?? view.view ?? view),
    command: (name, body) => inTurn(session, () => command(session, name, body)),
    changeNow: (changes) => inTurn(session, () => changeNow(session, changes)),
    draw: (operations) => draw(session, operations),
    operate: (operations) => inTurn(session, () => operate(session, operations)),
    subscribe: (views, fps) => {
      session.subscription = [views, fps];
      session.stream?.subscribe(views, fps);
    },
    close: () => session.stream?.close(),
  };
}

/** One thing after the other, so that two quick presses arrive in their order. */
function inTurn(session, action) {
  if (!session.store.get().run) return session.queue; // none could be begun yet
  session.unanswered += 1;
  session.queue = session.queue.then(action).catch((error) => explain(session, error)).finally(() => (session.unanswered -= 1));
  return session.queue;
}

/** `early` is the same request, and its stream, made before the modules had arrived. */
async function create(session, config, { start, replaces, early }) {
  const { speed } = session.store.get();
  const answer = await (early ? api.answer(early.response) : api.create({ ...config, start, speed, ...(replaces ? { replaces } : {}) }));
  Object.assign(session, { applied: config, changedAt: 0 });
  sessionStorage.setItem("perceptarium-run", answer.id); // what a reload replaces, see templates/early.js
  adopt(session, answer, 0, early);
  return answer;
}

async function enter(session, id) {
  const run = await api.run(id);
  session.store.set({ draft: run.config, speed: run.speed ?? "max" });
  session.applied = run.config;
  adopt(session, run, run.seq);
  loadHistory(session, run.id);
  return run;
}

/** Show another run: its numbers at once, its pictures as they arrive; the old pictures stay until then. */
function adopt(session, run, after, early = null) {
  session.stream?.close();
  Object.assign(session, { answered: after, heard: after });
  session.store.set({ run: { reason: run.status_reason ?? null, ...run }, history: emptyHistory(run.attempt), errors: {} });
  session.stream = follow(run.id, {
    after,
    early,
    onFrame: (frame) => receive(session, frame),
    onConnection: (connection) => {
      const { connection: before, notice } = session.store.get();
      session.store.set(connection === "open" && notice?.lost ? { connection, notice: null } : { connection });
      if (before === "lost" && connection === "open") reconcile(session); // what was changed while nobody answered
    },
  });
  if (session.subscription) session.stream.subscribe(...session.subscription);
  loadPoints(session, run.id);
}

async function loadPoints(session, id) {
  const points = await api.points(id).catch(() => null);
  if (points && session.store.get().run?.id === id) session.store.set({ points: { ...points, run: id } });
}

async function loadHistory(session, id) {
  const answer = await api.history(id).catch(() => null);
  const { run, history } = session.store.get();
  if (answer && run?.id === id) session.store.set({ history: fromAnswer(answer, history) });
}

/** Of the maps and of the numbers of units only the newest are of interest: each kind shares one key. */
function viewKey({ id, view, progress }) {
  if (progress !== undefined) return `progress:${id ?? view}`;
  const shared = /^(unit|numbers)-/.exec(id);
  return `view:${shared?.[1] ?? id ?? view}`;
}

const header = ({ seq, step, epoch, attempt }) => ({ seq, step, epoch, attempt });

function receive(session, frame) {
  const { store } = session;
  const { run } = store.get();
  if (!run || frame.run !== run.id) return;
  if (frame.kind !== "view" && Number.isFinite(frame.seq)) session.heard = Math.max(session.heard, frame.seq);
  if (frame.kind === "view") store.set({ [viewKey(frame)]: frame, ...(store.get().viewError?.id === frame.id ? { viewError: null } : {}) });
  else if (frame.kind === "progress") receiveProgress(store, frame); else if (frame.kind === "status") {
    receiveStatus(store, frame);
    followUnits(session, frame.config);
    followPoints(session, frame.config);
  }
  else if (frame.kind === "event") receiveEvent(session, frame);
  else if (frame.kind === "reset") loadHistory(session, run.id);
  else if (frame.kind === "error") store.set({ viewError: { ...frame.error, id: refusedId(session, frame.error) } });
}

/** The id of the view an error is about: its field names the place in the subscription. */
function refusedId({ subscription }, { field }) {
  const refused = subscription?.[0][/^subscribe\.(\d+)/.exec(field ?? "")?.[1]];
  return refused?.id ?? refused?.view ?? refused;
}

function receiveProgress(store, frame) {
  const { run, history } = store.get();
  const { learning_rate, steps_per_second } = frame;
  store.set({
    run: { ...run, ...(frame.seq < run.seq ? {} : header(frame)), learning_rate, steps_per_second, latest: null },
    history: append(history, frame.attempt, frame.points),
  });
}

function receiveStatus(store, frame) {
  const { run, history, speed } = store.get();
  const { status, reason, config, warnings, latest, learning_rate, steps_per_second } = frame;
  const fresh = frame.attempt > history.attempt ? emptyHistory(frame.attempt) : history;
  store.set({
    run: { ...run, ...header(frame), status, reason: reason ?? null, config, warnings, latest, learning_rate, steps_per_second, pause_when: frame.pause_when ?? run.pause_when },
    history: fresh,
    speed: frame.speed ?? speed,
  });
}

/** Units were added or removed while training: what is draft has as many. */
function followUnits(session, { layers }) {
  const { applied, store } = session;
  if (session.busy || applied?.layers.length !== layers.length || applied.layers.every(({ units }, i) => units === layers[i].units)) return;
  const grown = (config) => ({ ...config, layers: config.layers.map((layer, i) => ({ ...layer, units: layers[i].units })) });
  if (same(store.get().draft, applied)) store.set({ draft: grown(applied) });
  session.applied = grown(applied);
}

/** Points were drawn, here or elsewhere: what is draft has them too, so that a restart keeps them. */
function followPoints(session, { dataset }) {
  const { applied, store } = session;
  if (session.busy || !applied?.dataset || !dataset || (applied.dataset.content ?? null) === dataset.content) return;
  const { draft, run } = store.get();
  if (same(draft.dataset, applied.dataset)) store.set({ draft: { ...draft, dataset } });
  session.applied = { ...applied, dataset };
  loadPoints(session, run.id);
}

/** Change the points of the run; resolves to the event, or to null where that was refused. */
async function draw(session, operations) {
  const { id } = session.store.get().run;
  try {
    const { event, config } = await api.draw(id, operations);
    if (session.store.get().run.id === id) followPoints(session, config);
    return event;
  } catch (error) {
    explain(session, error);
    loadPoints(session, id);
    return null;
  }
}

/** Somebody (perhaps in another window) changed the run: the form follows, unless it is ahead of the server just now. */
function receiveEvent(session, { event, seq }) {
  if (event?.type === "operation") return session.store.set({ parametersEditedAt: seq });
  if (session.busy || event?.type !== "change" || seq <= session.changedAt) return;
  const merged = merge(session.applied, event.changes);
  if (same(session.store.get().draft, session.applied)) session.store.set({ draft: merged });
  session.applied = merged;
}

/** A configuration with a part of it changed; lists by position. */
export function merge(base, changes) {
  if (Array.isArray(changes) && Array.isArray(base)) return base.map((item, i) => merge(item, changes[i] ?? {}));
  if (changes === null || typeof changes !== "object" || base === null || typeof base !== "object") return changes;
  const known = Object.entries(changes).filter(([key]) => key !== "speed");
  return { ...base, ...Object.fromEntries(known.map(([key, value]) => [key, merge(base[key], value)])) };
}

/** Bring the run to the draft configuration: by a live change where possible, else by a restart. */
async function reconcile(session) {
  if (session.busy || !session.applied) return;
  session.busy = true;
  try {
    for (;;) {
      const target = withoutRefused(session, session.store.get().draft);
      if (same(target, session.applied)) break;
      const refusal = await apply(session, target).then(() => null, (error) => error);
      if (refusal && !refuse(session, target, refusal)) break;
    }
  } finally {
    session.busy = false;
  }
}
async function apply(session, draft) {
  const { run, livePatterns: live } = session.store.get();
  const paths = differences(session.applied, draft);
  const slip = outOfBounds(paths, draft, session.store.get());
  if (slip) throw slip;
  if (paths.every((path) => isLive(path, live))) {
    const answer = await api.change(run.id, patchBody(paths, draft, live));
    Object.assign(session, { applied: draft, changedAt: answer.seq });
    answeredOf(session, run.id, answer);
    if (answer.config) session.store.set({ run: { ...session.store.get().run, config: answer.config, warnings: answer.warnings ?? [] } });
    return;
  }
  const training = run.status === "running" || run.status === "queued";
  await create(session, draft, { start: training, replaces: run.id });
  session.store.set({ notice: { text: training ? "New run with these changes, training on." : "New run with these changes.", kind: "info", at: performance.now() } });
}

const EXPECTED = { start: "running", pause: "paused", stop: "stopped" };

/** A transport command; the expected status shows at once, the server's answer corrects it. */
async function command(session, name, body) {
  const { store } = session;
  const before = store.get().run;
  if (EXPECTED[name]) store.set({ run: { ...before, status: EXPECTED[name] } });
  try {
    const answer = await api.command(before.id, name, body);
    answeredOf(session, before.id, answer);
    const now = store.get().run;
    // The stream may have told of something later already.
    if (now.id === before.id && answer.seq >= (now.seq ?? 0)) store.set({ run: { ...now, status: answer.status, ...header(answer) } });
  } catch (error) {
    if (store.get().run.id === before.id) store.set({ run: { ...store.get().run, status: before.status } });
    throw error;
  }
}

async function changeNow(session, changes) {
  const { id } = session.store.get().run;
  answeredOf(session, id, await api.change(id, changes));
}

async function operate(session, operations) {
  const { id } = session.store.get().run;
  answeredOf(session, id, await api.operate(id, operations));
}

/** The server's answer about this run tells how far its log has come. */
function answeredOf(session, id, { seq }) {
  if (session.store.get().run?.id === id) session.answered = Math.max(session.answered, seq ?? 0);
}
