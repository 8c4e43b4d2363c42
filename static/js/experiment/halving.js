// The question before the worse half of the runs that train is paused, and what was paused.

import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { metricName } from "./metric-names.js";

/** Asks, pauses the worse half, and says what happened, also if it was refused. */
export function askForHalving(experiment) {
  const button = (text, act) => h("button", { type: "button", class: "button", text, on: { click: act } });
  const close = () => dialog.remove();
  const cancel = button(t("experiment.cancel"), () => dialog.close());
  const text = h("p", { text: t("experiment.halve_text"), role: "status" });
  const halve = button(t("experiment.halve_confirm"), async () => {
    halve.disabled = true;
    text.textContent = await experiment.command("halve").then(result, ({ message }) => message);
    halve.remove();
    cancel.textContent = t("page.close");
    cancel.focus();
  });
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "halve-title", on: { close } },
    h("h2", { id: "halve-title", text: t("experiment.halve_title") }), text,
    h("div", { class: "experiment-choices" }, cancel, halve));
  document.body.append(dialog);
  dialog.showModal();
}

const result = ({ paused, at, metric }) =>
  t("experiment.halved", { count: paused.length, step: integer(at), metric: metricName(metric) });
