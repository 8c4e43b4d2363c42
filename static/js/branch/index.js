// Branches: training goes on from any step in a new run. The functions that session.branch(name, ...) calls.

import { api } from "../core/api.js";
import { changesBetween, changesInWords, isContinuable } from "./changes.js";
import { continueFrom } from "./fork.js";
import { followOffer, offerChanges as offer } from "./offer.js";
import { followBackButton, openInPage as showInPage } from "./open.js";
import { report } from "./report.js";
import { returnTo as goBack } from "./return.js";
import { differences } from "../core/differences.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";

export const offerChanges = offer;
export const openInPage = showInPage;
export const returnTo = goBack;

const MAX_WORDS = 90; // characters of the changes that a notice names
const LONG = 12_000; // ms: a notice with a button stays until it can be read and pressed

/** Begins to follow the state; `follow` shows the newest step again. */
export function begin(session, follow) {
  session.follow = follow;
  followBackButton(session);
  followOffer(session);
}

/** Says why the shown step cannot be edited, and offers to continue from it. Returns null, the event of no edit. */
export function refuseEdit(session) {
  const action = { label: t("branch.continue"), act: () => continueHere(session) };
  notify(session, t("timeline.present_only"), document.body.dataset.lesson ? [] : [action]);
  return null;
}

/** Continues from the shown step without changes, in a new run that the page then shows. */
export async function continueHere(session) {
  const { run, shown } = session.store.get();
  const branch = shown && await continueFrom(session, run, shown);
  if (!branch) return;
  const values = { step: branch.step, newest: branch.pausedAt };
  const text = branch.trainsOn ? t("branch.continued_training", values)
    : branch.pausedAt === null ? t("branch.continued", values) : t("branch.continued_paused", values);
  notify(session, text, [{ label: t("branch.back"), act: () => openInPage(session, run.id) }]);
}

/**
 * Says that a new run has replaced `run`, with the configurations before and after. If it `keeps` that run, which then
 * pauses, it offers to go on with its trained weights, unless only these are new.
 */
export function announce(session, replaced) {
  const { run, confirmed, target, keeps } = replaced;
  const training = isTraining(run);
  if (keeps && training) api.command(run.id, "pause").catch(() => null); // it may have ended meanwhile
  const text = newRunText(confirmed, target, training, session.store.get());
  const weights = { label: t("branch.trained_weights"), act: () => continueKept(session, replaced) };
  const undo = { label: t("studio.notice.undo"), act: "undo" };
  notify(session, text, keeps ? [...(isContinuable(confirmed, target) ? [weights] : []), undo] : []);
}

/** Names the changes that made a new run, unless they are too many for a notice. */
function newRunText(before, after, training, state) {
  if (differences(before, after).join() === "seed") return t("studio.notice.new_weights");
  const words = changesInWords(before, after, state);
  const changes = words.length > MAX_WORDS ? t("studio.notice.several_changes") : words;
  return training ? t("studio.notice.new_run_training", { changes }) : t("studio.notice.new_run", { changes });
}

/** Says that the run was reset, and that its network is kept. */
export const announceReset = (session) =>
  notify(session, t("studio.notice.was_reset"), [{ label: t("studio.notice.undo"), act: "undo" }]);

async function continueKept(session, { run, confirmed, target }) {
  const branch = await continueFrom(session, run, {}, changesBetween(confirmed, target));
  if (!branch) return;
  report(session, branch, run.id);
}

const notify = ({ store }, text, actions) => store.set({
  notice: { text, kind: "info", at: performance.now(), ...(actions.length ? { actions, duration: LONG } : {}) },
});
