// What the page has to say: passing notices, and the states that stay until they are over (connection lost, diverged ...).

import { h, setText } from "../core/dom.js";
import { integer, words } from "../core/formats.js";

const LASTS = 5000;

/** What state the run or the connection is in, if it needs words: {text, kind, action?}. */
export function standing({ connection, run, dismissed, failure }) {
  if (failure) return { text: failure, kind: "error", action: "again", label: "Try again" };
  if (connection === "gone") return { text: "This run no longer exists.", kind: "error", action: "fresh", label: "New run" };
  if (connection === "lost") return { text: "Connection lost: this is the last picture. Trying again …", kind: "error" };
  if (!run || dismissed === `${run.id}/${run.attempt}/${run.status}`) return null;
  if (run.status === "diverged") return { text: `Diverged at step ${integer(run.step)}: the loss grew beyond all bounds. A smaller learning rate helps.`, kind: "error", action: "reset", label: "Reset" };
  if (run.status === "failed") return { text: `The training failed: ${run.reason ?? "no reason given"}.`, kind: "error", action: "reset", label: "Reset" };
  if (run.status === "finished") return { text: `Finished: ${run.reason ?? "all epochs done"}.`, kind: "info", action: "dismiss", label: "Close" };
  if (run.status === "paused" && run.reason) return { text: `${words(run.reason)}.`, kind: "info", action: "dismiss", label: "Close" };
  if (run.status === "queued") return { text: "Waiting for a free place: other runs are training.", kind: "info" };
  return null;
}

/** The panel that shows them, over the page. */
export function notices(element, store, commands) {
  const text = h("span", { class: "notice-text" });
  const button = h("button", { type: "button", class: "button small", hidden: true });
  element.append(text, button);
  let timer = 0;
  button.addEventListener("click", () => commands[button.dataset.action]());
  return {
    name: "notices", needs: ["connection", "run", "notice", "dismissed", "failure"],
    draw(state) {
      const { notice } = state;
      document.body.classList.toggle("offline", state.connection === "lost" || state.connection === "gone");
      const left = notice ? notice.at + (notice.lasts ?? LASTS) - performance.now() : 0; // however often it is drawn
      const passing = left > 0 ? notice : null;
      const lasting = standing(state);
      const shown = lasting?.kind === "error" && passing?.kind !== "error" ? lasting : passing ?? lasting;
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
