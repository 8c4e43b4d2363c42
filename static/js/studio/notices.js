// Notices: temporary messages, and persistent ones, shown while a state lasts (connection lost, diverged ...).

import { h, setText } from "../core/dom.js";
import { t } from "../core/text.js";

const DURATION = 5000; // ms
let [loading, statusMessage] = []; // of run-status.js

/** The message about the state of the run or of the connection: {text, kind, action?, label?}, or null. */
function persistentNotice({ connection, run, dismissed, failure, catalogue }) {
  if (failure) return error(failure, "again", t("studio.notice.try_again"));
  if (connection === "gone") return error(t("studio.notice.run_gone"), "fresh", t("page.new_run"));
  if (connection === "lost") return error(t("studio.notice.connection_lost"));
  if (!run || dismissed === `${run.id}/${run.attempt}/${run.status}` || !hasMessage(run)) return null;
  return statusMessage?.(run, catalogue);
}

const hasMessage = ({ status, reason }) => reason || (status !== "paused" && status !== "running");

const error = (text, action, label) => ({ text, kind: "error", action, label });

/** Loads the messages about the status of a run, once; `then` is called when they are there. */
function loadMessages(then) {
  loading ??= import("./run-status.js").then((module) => {
    ({ statusMessage } = module);
    then();
  }, () => (loading = null));
}

/** The panel of the notices. */
export function notices(element, store, commands) {
  const text = h("span", { class: "notice-text" });
  const button = h("button", { type: "button", class: "button small", hidden: true });
  element.append(text, button);
  let timer = 0;
  button.addEventListener("click", () => commands[button.dataset.action]());
  const panel = {
    name: "notices",
    needs: ["connection", "run", "notice", "dismissed", "failure", "catalogue"],
    draw(state) {
      if (state.run && hasMessage(state.run)) loadMessages(() => panel.draw(store.get()));
      const { notice } = state;
      document.body.classList.toggle("offline", state.connection === "lost" || state.connection === "gone");
      const left = notice ? notice.at + (notice.duration ?? DURATION) - performance.now() : 0;
      const temporary = left > 0 ? notice : null;
      const persistent = persistentNotice(state);
      const isMoreUrgent = persistent?.kind === "error" && temporary?.kind !== "error";
      show(element, text, button, isMoreUrgent ? persistent : (temporary ?? persistent));
      clearTimeout(timer);
      if (temporary) timer = setTimeout(() => store.get().notice === temporary && store.set({ notice: null }), left);
    },
  };
  return panel;
}

function show(element, text, button, message) {
  element.hidden = !message;
  if (!message) return;
  element.dataset.kind = message.kind;
  setText(text, message.text);
  button.hidden = !message.action;
  setText(button, message.label ?? "");
  button.dataset.action = message.action ?? "";
}
