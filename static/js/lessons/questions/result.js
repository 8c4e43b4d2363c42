// The answers to the questions of a lesson, before and after side by side, with what is true and the experiment.

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { answersIn } from "./kept.js";

/** The list of all questions with both answers and the explanation. */
export function resultOf(questions) {
  const count = questions.length;
  const values = { before: rightIn("before", questions), after: rightIn("after", questions), count };
  return h("div", {},
    h("p", { class: "questions-score", role: "status", text: t("lessons.questions.score", values) }),
    h("ol", { class: "questions-list" }, questions.map(entry)));
}

const rightIn = (round, questions) =>
  questions.filter(({ name, answer }) => answersIn(round)[name] === answer).length;

function entry({ name, question, options, answer, explanation, url }) {
  const given = (round, label) => {
    const isRight = answersIn(round)[name] === answer;
    const mark = isRight ? t("lessons.questions.right") : t("lessons.questions.wrong");
    return h("div", { class: isRight ? "is-right" : "is-wrong" },
      h("dt", { text: label }), h("dd", {}, h("strong", { text: mark }), " ", options[answersIn(round)[name]]));
  };
  return h("li", {}, h("p", { class: "questions-question", text: question }),
    h("dl", {}, given("before", t("lessons.questions.before")), given("after", t("lessons.questions.after"))),
    h("p", { class: "questions-explanation" }, explanation, " ",
      h("a", { href: addressOf(url), text: t("lessons.questions.experiment") })));
}

/** The address of an experiment, which keeps the layout for projectors. */
const addressOf = (url) => (url.startsWith("#") ? url : url.replace("#", `${location.search}#`));

/** The true answers, by the name of the question. */
export const trueAnswers = (questions) => Object.fromEntries(questions.map(({ name, answer }) => [name, answer]));

/** One record for each question, as a saved file has them. */
export const rowsOf = (questions) => questions.map(({ name, question, options, answer }) => ({
  name, question, before: options[answersIn("before")[name]] ?? "", after: options[answersIn("after")[name]] ?? "",
  true_answer: options[answer],
}));
