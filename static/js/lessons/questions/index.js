// The questions of a lesson: asked before and after its experiments, then explained.

import { h } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { t } from "../../core/text.js";
import { ROUNDS, answersIn, finish, forget, isFinished, keepAnswer, rounds } from "./kept.js";
import { resultOf, rowsOf, trueAnswers } from "./result.js";

/** Shows the questions in their section of the page. */
export function mountQuestions(questions) {
  const section = document.getElementById("lesson-questions");
  section.hidden = false;
  show(section, questions, roundToAsk());
}

/** The round that was begun and not finished, or null. */
const roundToAsk = () => ROUNDS.find((round) => rounds()[round] && !isFinished(round)) ?? null;
const nextRound = () => ROUNDS.find((round) => !isFinished(round));

/** Shows a round to answer; null: what to do next, or the result. */
function show(section, questions, asked) {
  const again = (round = null) => show(section, questions, round);
  const content = asked ? form(questions, asked, again)
    : nextRound() ? invitation(questions, nextRound(), again) : resultOf(questions);
  section.replaceChildren(
    h("h2", { text: t("lessons.questions.title", { count: questions.length }) }), content,
    rounds().before ? tools(questions, again) : "");
}

function invitation(questions, round, again) {
  const texts = { before: t("lessons.questions.invite_before"), after: t("lessons.questions.invite_after") };
  const buttons = { before: t("lessons.questions.begin_before"), after: t("lessons.questions.begin_after") };
  return h("div", {}, h("p", { text: texts[round] }), h("p", {},
    h("button", { type: "button", class: "button primary", text: buttons[round], on: { click: () => again(round) } })));
}

function form(questions, round, again) {
  const missing = h("p", { class: "predict-missing", role: "alert", hidden: true });
  const submit = (event) => {
    event.preventDefault();
    const open = questions.flatMap(({ name }, i) => (name in answersIn(round) ? [] : [i + 1]));
    missing.hidden = !open.length;
    missing.textContent = t("lessons.questions.missing", { numbers: open.join(", ") });
    if (open.length) return;
    finish(round);
    again();
    document.getElementById("lesson-questions").scrollIntoView({ block: "start" });
  };
  return h("form", { class: "questions-form", novalidate: true, on: { submit } },
    h("ol", { class: "questions-list" }, questions.map((question) => field(question, round))), missing,
    h("p", {}, h("button", { class: "button primary", text: t("lessons.questions.finish") })));
}

/** A question with its two answers; each choice is kept at once. */
function field({ name, question, options }, round) {
  const choose = ({ target }) => keepAnswer(round, name, Number(target.value));
  const option = (text, index) => h("label", {}, h("input", { type: "radio", name, value: index,
    checked: answersIn(round)[name] === index, on: { change: choose } }), h("span", { text }));
  const id = `question-${name}`;
  return h("li", {}, h("p", { class: "questions-question", id, text: question }),
    h("div", { class: "predict-options", role: "radiogroup", "aria-labelledby": id }, options.map(option)));
}

/** Buttons that save the answers as a file, and delete them. */
function tools(questions, again) {
  const title = t("lessons.questions.file");
  const saving = () => load(() => import("../../panels/shared/saving.js"));
  const csv = async () => (await saving()).saveCsv(title, rowsOf(questions));
  const json = async () => (await saving()).saveJson(title, { rounds: rounds(), true_answers: trueAnswers(questions),
    questions: rowsOf(questions) });
  const button = (text, click) => h("button", { type: "button", class: "button small", text, on: { click } });
  return h("p", { class: "predict-buttons" }, button(t("lessons.questions.save_csv"), csv),
    button(t("lessons.questions.save_json"), json), button(t("lessons.questions.delete"), () => confirm(again)));
}

function confirm(again) {
  const dialog = h("dialog", { class: "dialog", "aria-label": t("lessons.questions.delete") },
    h("p", { text: t("lessons.questions.delete_question") }),
    h("form", { method: "dialog" }, h("p", { class: "predict-buttons" },
      h("button", { class: "button primary", value: "delete", text: t("lessons.questions.delete") }),
      h("button", { class: "button", text: t("lessons.questions.keep") }))));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "delete") return;
    forget();
    again();
  });
  document.body.append(dialog);
  dialog.showModal();
}
