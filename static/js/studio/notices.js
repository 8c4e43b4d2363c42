// Notices: short messages, and messages about a state that stay as long as the state (connection lost, diverged ...).

import { h, setText } from "../core/dom.js";
import { integer, words } from "../core/formats.js";
import { t } from "../core/text.js";

const LASTS = 5000;

/** The message about the state of the run or of the connection: {text, kind, action?, label?}, or null. */
export function standing({ connection, run, dismissed, failure }) {
  if (failure) return error(failure, "again", t("studio.notice.try_again"));
  if (connection === "gone") return error(t("studio.notice.run_gone"), "fresh", t("page.new_run"));
  if (connection === "lost") return error(t("studio.notice.connection_lost"));
  return !run || dismissed === `${run.id}/${run.attempt}/${run.status}` ? null : statusMessage(run);
}

function statusMessage({ status, reason, step }) {
  const resettable = (text) => error(text, "reset", t("studio.notice.reset"));
  if (status === "diverged") return resettable(t("studio.notice.diverged", { step: integer(step) }));
  if (status === "failed")
    return resettable(t("studio.notice.failed", { reason: reason ?? t("studio.notice.no_reason") }));
  if (status === "finished")
    return closable(t("studio.notice.finished", { reason: reason ?? t("studio.notice.all_epochs_done") }));
  if (status === "paused" && reason) return closable(t("studio.notice.paused", { reason: words(reason) }));
  return status === "queued" ? { text: t("studio.notice.queued"), kind: "info" } : null;
}

const error = (text, action, label) => ({ text, kind: "error", action, label });
const closable = (text) => ({ text, kind: "info", action: "dismiss", label: t("page.close") });

/** The panel that shows them. */
export function notices(element, store, commands) {
  const text = h("span", { class: "notice-text" });
  const button = h("button", { type: "button", class: "button small", hidden: true });
  element.append(text, button);
  let timer = 0;
  button.addEventListener("click", () => commands[button.dataset.action]());
  return {
    name: "notices",
    needs: ["connection", "run", "notice", "dismissed", "failure"],
    draw(state) {
      const { notice } = state;
      document.body.classList.toggle("offline", state.connection === "lost" || state.connection === "gone");
      const left = notice ? notice.at + (notice.lasts ?? LASTS) - performance.now() : 0; // however often it is drawn
      const passing = left > 0 ? notice : null;
      const lasting = standing(state);
      const shown = lasting?.kind === "error" && passing?.kind !== "error" ? lasting : (passing ?? lasting);
      element.hidden = !shown;
      if (!shown) return;
      element.dataset.kind = shown.kind;
      setText(text, shown.text);
      button.hidden = !shown.action;
      setText(button, shown.label ?? "");
      button.dataset.action = shown.action ?? "";
      clearTimeout(timer);
      if (passing) timer = setTimeout(() => store.get().notice === passing && store.set({ notice: null }), left);
    },
  };
}
