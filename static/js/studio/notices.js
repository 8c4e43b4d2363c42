// Notices: temporary messages, and persistent ones, shown while a state lasts (connection lost, diverged ...).

import { h, setProperty, setText } from "../core/dom.js";
import { t } from "../core/text.js";

const DURATION = 5000; // ms
let [loading, statusMessage] = []; // of run-status.js

/** The message that lasts as long as the state that it is about: {text, kind, actions?}, or null. */
function persistentNotice({ connection, run, dismissed, failure, catalogue, offer }, redraw) {
  if (failure) return error(failure, "again", t("studio.notice.try_again"));
  if (connection === "gone") return error(t("studio.notice.run_gone"), "fresh", t("page.new_run"));
  if (connection === "lost") return error(t("studio.notice.connection_lost"));
  const isClosed = !run || dismissed === `${run.id}/${run.attempt}/${run.status}`;
  const status = isClosed || !hasMessage(run) ? null : statusMessage?.(run, catalogue, redraw);
  return status?.kind === "error" ? status : (offer ?? status);
}

const hasMessage = ({ status, reason }) => reason || (status !== "paused" && status !== "running");

const error = (text, act, label) => ({ text, kind: "error", actions: act && [{ act, label }] });

/** Loads the messages about the status of a run, once; `then` is called when they are there. */
function loadMessages(then) {
  loading ??= import("./run-status.js").then((module) => {
    ({ statusMessage } = module);
    then();
  }, () => (loading = null));
}

/**
 * The panel of the notices. Each of their `actions` is { label, act }: a button, and the name of an action of the page
 * or a function of these actions and the state.
 */
export function notices(element, store, commands) {
  const show = display(element, (message, { act }) => {
    if (message === store.get().notice) store.set({ notice: null });
    (commands[act] ?? act)(commands, store.get());
  });
  let timer = 0;
  const panel = {
    name: "notices",
    needs: ["connection", "run", "notice", "dismissed", "failure", "catalogue", "offer"],
    draw(state) {
      const redraw = () => panel.draw(store.get());
      if (state.run && hasMessage(state.run)) loadMessages(redraw);
      const { notice } = state;
      document.body.classList.toggle("offline", state.connection === "lost" || state.connection === "gone");
      const left = notice ? notice.at + (notice.duration ?? DURATION) - performance.now() : 0;
      const temporary = left > 0 ? notice : null;
      const persistent = persistentNotice(state, redraw);
      const isMoreUrgent = persistent?.kind === "error" && temporary?.kind !== "error";
      show(isMoreUrgent ? persistent : (temporary ?? persistent));
      clearTimeout(timer);
      if (temporary) timer = setTimeout(() => store.get().notice === temporary && store.set({ notice: null }), left);
    },
  };
  return panel;
}

/** A function that shows a message or null. Equal buttons stay, so that they keep the focus or the press on them. */
function display(element, perform) {
  const text = h("span", { class: "notice-text" });
  let [shown, labels] = [null, ""];
  const button = ({ label }, i) =>
    h("button", { class: "button small", on: { click: () => perform(shown, shown.actions[i]) } }, label);
  element.append(text);
  return (message) => {
    shown = message;
    setProperty(element, "hidden", !message);
    if (!message) return;
    element.dataset.kind = message.kind;
    setText(text, message.text);
    const actions = message.actions ?? [];
    const names = actions.map(({ label }) => label).join();
    if (names !== labels) element.replaceChildren(text, ...actions.map(button));
    labels = names;
  };
}
