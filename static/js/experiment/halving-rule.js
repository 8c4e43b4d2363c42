// The dialog in which the rule is set, changed or removed by which the worse half of the runs pauses.

import { h, setText } from "../core/dom.js";
import { t } from "../core/text.js";

const MOST = 1e9; // steps that a rule may have between two comparisons

/** Asks for the steps between two comparisons; an error is shown in the dialog, which then stays open. */
export function askForRule(experiment) {
  const { halving } = experiment.detail;
  const every = halving?.every ?? null;
  const button = (text, click, look = "") =>
    h("button", { type: "button", class: `button ${look}`, text, on: { click } });
  const input = h("input", {
    type: "number", class: "number", min: 1, max: MOST, step: 1, required: true, value: every ?? "",
  });
  const problem = h("p", { class: "experiment-notice", role: "alert", hidden: true });
  const change = (halve) => experiment.changeRule(halve).then(() => dialog.close(), ({ message }) => {
    problem.hidden = false;
    setText(problem, message);
  });
  const set = (event) => {
    event.preventDefault();
    change({ every: Number(input.value), metric: halving?.metric ?? null });
  };
  const form = h("form", { on: { submit: set } },
    h("label", { class: "rule-field" }, t("experiment.rule_every"), " ", input), problem,
    h("div", { class: "experiment-choices" }, button(t("experiment.cancel"), () => dialog.close()),
      every === null ? null : button(t("experiment.rule_remove"), () => change(null)),
      h("button", { type: "submit", class: "button primary", text: t("experiment.rule_set") })));
  const close = () => dialog.remove();
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "rule-title", on: { close } },
    h("h2", { id: "rule-title", text: t("experiment.rule_title") }), h("p", { text: t("experiment.rule_text") }), form);
  document.body.append(dialog);
  dialog.showModal();
}
