// A prediction that is one of several sentences.

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";

/** Radio buttons; `value()` is the index of the chosen one, or null. */
export function input({ options, question }) {
  const element = h("fieldset", { class: "predict-options" }, h("legend", { class: "visually-hidden", text: question }),
    options.map((text, index) => h("label", {},
      h("input", { type: "radio", name: "prediction", value: index, required: true }), h("span", { text }))));
  const value = () => {
    const chosen = element.querySelector("input:checked");
    return chosen && Number(chosen.value);
  };
  return { element, value };
}

/** The chosen sentence; once the run has ended, beside the one that was measured. */
export function result({ options, answer }, prediction) {
  const measured = h("p", { class: "predict-measured", hidden: true });
  const element = h("div", {},
    h("p", { text: t("lessons.predict.you_chose", { answer: options[prediction] }) }), measured);
  return {
    element,
    update: () => {},
    end() {
      measured.hidden = false;
      measured.textContent = answer === prediction ? t("lessons.predict.as_measured")
        : t("lessons.predict.true_answer", { answer: options[answer] });
    },
  };
}
