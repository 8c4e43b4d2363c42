// A, the reference: a step of this run or of another one that stays, and is compared with B, the shown step.

import { api } from "../core/api.js";
import { fromAnswer } from "../core/history.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { address, addressed, writeAddress } from "./address.js";
import { followFrames } from "./frames.js";
import { keyOf } from "./names.js";
import { followPointCounts } from "./point-counts.js";

const POINT_NUMBERS = 100000; // input values of A's points that are fetched
let started = null;

/** Starts it once; resolves to { pin(at), remove(), open(button) }. A reference in the address is fetched. */
export function startReference(context) {
  started ??= create(context);
  return started;
}

async function create(context) {
  const { store } = context;
  const reference = { store, requests: 0 };
  const commands = {
    /** Keeps a step, {run, attempt, step}, as A; resolves to whether it could be fetched. */
    pin: (at) => pin(reference, at),
    remove: () => remove(reference),
    /** Opens the popover beside a button. */
    open: async (button) => (await import("./card.js")).openCard(button, context, commands),
  };
  store.set({ referenceModule: (await import("./drawing.js")).drawing });
  followFrames(store, () => end(reference, t("reference.gone")));
  followRun(reference);
  followPointCounts(store);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-compare]");
    if (button) commands.open(button);
  });
  const at = addressed();
  if (at) await commands.pin(at);
  else if (address() !== null) end(reference, t("reference.unreadable", { value: address() }));
  return commands;
}

async function pin(reference, { run, attempt, step }) {
  const { store } = reference;
  const request = ++reference.requests;
  const at = `step=${step}&attempt=${attempt}`;
  const paths = [
    `weights?${at}&arrays=typed`, `history?attempt=${attempt}`, `points?${at}&numbers=${POINT_NUMBERS}`,
  ];
  try {
    const answers = await Promise.all([...paths.map((path) => api.read(run, path)), api.run(run).catch(() => null)]);
    if (request !== reference.requests) return false;
    const [{ config }, history, points, now] = answers;
    // What was measured where the run paused is not among its points.
    const latest = now?.attempt === attempt && now.latest?.step === step ? now.latest : null;
    store.set({ reference: { run, attempt, step, config, points, latest, history: fromAnswer(history), frames: {} } });
    keepRun(store);
    writeAddress(store.get().reference);
    return true;
  } catch (error) {
    if (request === reference.requests) end(reference, t("reference.not_fetched", { reason: error.message }));
    return false;
  }
}

function remove(reference) {
  reference.requests += 1;
  reference.store.set({ reference: null });
  keepRun(reference.store);
  writeAddress(null);
}

/** Removes A, and says why. */
function end(reference, text) {
  remove(reference);
  reference.store.set({ notice: { text, kind: "error", at: performance.now() } });
}

const RUN_OF_TAB = "perceptarium-run"; // which a reload replaces, see templates/early.js

/** While A is a step of the page's run, a reload does not replace that run. */
function keepRun(store) {
  const { run, reference } = store.get();
  if (!run || document.body.dataset.runId) return;
  if (reference?.run === run.id) sessionStorage.removeItem(RUN_OF_TAB);
  else sessionStorage.setItem(RUN_OF_TAB, run.id);
}

/** The run of A that the page leaves is paused; the curves of an attempt that ended are fetched once more. */
function followRun(reference) {
  const { store } = reference;
  let last = store.get().run;
  store.watch(({ run, reference: a, timeline }, changed) => {
    if (changed.includes("timeline") && isDeleted(a, timeline)) end(reference, t("reference.gone"));
    if (!changed.includes("run") || !run) return;
    const before = last;
    last = run;
    if (!a || before?.id !== a.run || (before.id === run.id && before.attempt === run.attempt)) return;
    const trains = before.id !== run.id && isTraining(before);
    const paused = trains ? api.command(before.id, "pause").catch(() => null) : null;
    Promise.resolve(paused).then(() => reloadHistory(reference, a));
  });
}

async function reloadHistory({ store }, a) {
  const answer = await api.read(a.run, `history?attempt=${a.attempt}`).catch(() => null);
  const { reference } = store.get();
  if (!answer || !reference || keyOf(reference) !== keyOf(a)) return;
  store.set({ reference: { ...reference, history: fromAnswer(answer) } });
}

/** Whether an event says that the attempt of A was deleted. */
function isDeleted(a, timeline) {
  if (!a || timeline?.log.run !== a.run) return false;
  return timeline.log.events.some(({ event }) =>
    event.type === "attempts_deleted" && event.attempts.includes(a.attempt));
}
