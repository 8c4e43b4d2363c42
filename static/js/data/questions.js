// What could be read in two ways: each reading is a button with cells of the file and what they become.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";

const MAX_EXAMPLES = 3;

/** The questions of an answer, or nothing; `change(options)` imports the file again with the chosen reading. */
export function questionList({ questions = [] }, options, change) {
  if (!questions.length) return false;
  return h("div", { class: "data-questions" }, questions.map((question) => oneQuestion(question, options, change)));
}

function oneQuestion({ column, readings }, options, change) {
  const title = t(`data.question.title.${readings[0].option}`, { column }, t("data.question.column", { column }));
  return h("fieldset", { class: "data-question" }, h("legend", { text: title }),
    readings.map(({ option, value, examples }, i) => {
      const isChosen = option in options ? options[option] === value : i === 0;
      return h("button", {
        type: "button", class: "button small", "aria-pressed": String(isChosen), text: exampleText(examples),
        on: { click: () => change({ [option]: value }) },
      });
    }));
}

const exampleText = (examples) => examples.slice(0, MAX_EXAMPLES)
  .map(({ cell, read }) => t("data.question.example", { cell, read: t(`data.question.${read}`, {}, String(read)) }))
  .join(", ");
