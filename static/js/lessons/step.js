// One experiment of a lesson with a prediction: predict, run, compare, write what was seen and why, read.

import { h } from "../core/dom.js";
import { load } from "../core/loading.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { answersOf, keep } from "./answers.js";
import { measuredInHistory } from "./measures.js";

const place = () => document.getElementById("lesson-step");
const watch = () => document.getElementById("lesson-watch");
let leave = () => {}; // ends what the shown experiment watches

/**
 * Shows an experiment: its question, or what was predicted earlier beside the run, which `begin` starts. Without a
 * prediction the run begins at once, and the explanation is shown; a calculation by hand follows.
 */
export async function openStep(context, attempt, begin) {
  leave();
  place().replaceChildren();
  watch().textContent = "";
  if (attempt.work) {
    await begin();
    const { openWork } = await load(() => import("./work.js"));
    const explain = () => { watch().textContent = attempt.watch; };
    await openWork(context, attempt, place(), explain, () => openStep(context, attempt, begin));
    return;
  }
  if (!attempt.predict) {
    const used = h("div");
    place().replaceChildren(used);
    watch().textContent = attempt.watch;
    await begin();
    followUntil(context, attempt, null, () => use(context, attempt, used));
    return;
  }
  const kind = await load(() => import(`./predict/${attempt.predict.kind}.js`));
  const { prediction } = answersOf(attempt.name);
  if (prediction === undefined) {
    ask(context, attempt, kind, begin);
    return;
  }
  await begin();
  compare(context, attempt, kind, begin, prediction);
}

/** Reveals the explanation of the shown experiment; false if there is none to reveal. */
export function reveal() {
  const button = place().querySelector("[data-explain]");
  button?.click();
  return Boolean(button);
}

function ask(context, attempt, kind, begin) {
  const { element, value } = kind.input(attempt.predict, context);
  const missing = h("p", { class: "predict-missing", role: "alert", hidden: true, text: t("lessons.predict.missing") });
  const run = async (prediction) => {
    if (prediction !== null) keep(attempt.name, { prediction });
    place().replaceChildren();
    await begin();
    compare(context, attempt, kind, begin, prediction);
  };
  const submit = (event) => {
    event.preventDefault();
    const prediction = value();
    missing.hidden = prediction !== null;
    if (prediction !== null) run(prediction);
  };
  place().replaceChildren(h("form", { class: "predict", novalidate: true, on: { submit } },
    h("h3", { text: attempt.title }), h("p", { class: "predict-question", text: attempt.predict.question }),
    element, missing,
    h("p", { class: "predict-buttons" },
      h("button", { class: "button primary", text: t("lessons.predict.commit") }),
      h("button", { type: "button", class: "button", text: t("lessons.predict.skip"),
        on: { click: () => run(null) } }))));
  place().firstChild.scrollIntoView({ block: "nearest" });
}

/** The prediction beside the run; after its end the questions, and then the explanation. */
function compare(context, attempt, kind, begin, prediction) {
  const { store } = context;
  const shown = prediction === null ? null : kind.result(attempt.predict, prediction);
  const status = h("p", { class: "predict-status", role: "status", text: t("lessons.predict.running") });
  const [used, reflection] = [h("div"), h("div", { class: "predict-reflection", hidden: true })];
  place().replaceChildren(h("section", { class: "predict", "aria-label": attempt.title },
    h("h3", { text: attempt.title }), h("p", { class: "predict-question", text: attempt.predict.question }),
    shown?.element, status, used, reflection));
  shown?.update(store.get());
  place().firstChild.scrollIntoView({ block: "nearest" });
  followUntil(context, attempt, shown, async () => {
    status.textContent = t("lessons.predict.ended");
    await use(context, attempt, used);
    shown?.end(store.get());
    reflect(context, attempt, reflection, begin);
  });
}

/** Does with the trained network what the experiment says, and shows what changed. */
async function use(context, { after }, element) {
  if (!after) return;
  const { useNetwork } = await load(() => import("./use.js"));
  await useNetwork(context, after, element).catch(({ message }) => { element.textContent = message; });
}

function reflect(context, attempt, reflection, begin) {
  const { explained } = answersOf(attempt.name);
  const again = h("button", { type: "button", class: "button", text: t("lessons.predict.again"), on: { click: () => {
    keep(attempt.name, { prediction: null, explained: null });
    openStep(context, attempt, begin);
  } } });
  const explain = h("button", { type: "button", class: "button primary", "data-explain": true,
    text: t("lessons.predict.explain"), on: { click: () => {
      keep(attempt.name, { explained: true });
      watch().textContent = attempt.watch;
      explain.remove();
    } } });
  reflection.replaceChildren(
    note(attempt, "seen", t("lessons.predict.seen")), note(attempt, "why", t("lessons.predict.why")),
    h("p", { class: "predict-buttons" }, explained ? null : explain, again));
  reflection.hidden = false;
  if (explained) watch().textContent = attempt.watch;
}

/** A text of one's own, kept in this browser. */
function note(attempt, field, label) {
  const save = ({ target }) => keep(attempt.name, { [field]: target.value || null });
  const text = h("textarea", { rows: 2, value: answersOf(attempt.name)[field] ?? "", on: { input: save } });
  return h("label", { class: "predict-note" }, h("span", { text: label }), text);
}

/** Whether the run has come to the event of the experiment, or to the last step of its prediction. */
function isAtEnd({ until, predict }, { run, history }) {
  if (until && measuredInHistory(until, history) !== null) return true;
  return Boolean(predict) && run.step >= predict.steps;
}

/** Updates what is shown while the run trains, pauses it at the event of the experiment, and calls `onEnd` once. */
function followUntil({ store, session }, attempt, shown, onEnd = () => {}) {
  const { id } = store.get().run;
  let [isPausing, hasEnded] = [false, false];
  const look = (state) => {
    if (state.run?.id !== id) return leave();
    if (isAtEnd(attempt, state) && !isPausing && isTraining(state.run)) {
      isPausing = true;
      session.command("pause");
    }
    if (attempt.start && (state.run.step === 0 || isTraining(state.run))) return;
    hasEnded = true;
    onEnd();
  };
  const stop = store.watch((state, changed) => {
    if (changed.includes("history")) shown?.update(state); // also the last points, which may come after the end
    if (!hasEnded && (changed.includes("run") || changed.includes("history"))) look(state);
  });
  leave = () => {
    stop();
    leave = () => {};
  };
  look(store.get());
}
