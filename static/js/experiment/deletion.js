// The question before an experiment is deleted: with its runs, or without them.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";

/** Asks, deletes, and calls `done(keep)`, which by default shows the list of runs; the notice shows an error. */
export function askForDeletion(experiment, notice, done = () => location.assign("/runs")) {
  const button = (text, act, kind = "") =>
    h("button", { type: "button", class: `button ${kind}`, text, on: { click: act } });
  const remove = (keep) => async () => {
    dialog.close();
    try {
      await experiment.remove(keep);
      done(keep);
    } catch (error) {
      notice.say(error.message);
    }
  };
  const close = () => dialog.remove();
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "delete-title", on: { close } },
    h("h2", { id: "delete-title", text: t("experiment.delete_title") }),
    h("p", { text: t("experiment.delete_text", { count: experiment.members.length }) }),
    h("div", { class: "experiment-choices" },
      button(t("experiment.cancel"), () => dialog.close()),
      button(t("experiment.delete_keep"), remove(true)),
      button(t("experiment.delete_all"), remove(false), "warning")));
  document.body.append(dialog);
  dialog.showModal();
}
