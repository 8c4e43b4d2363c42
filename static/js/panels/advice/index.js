// Advice: one line below the bar, with the most important problem and its remedy, or how far the training is.
//
// The view (engine/views/advice.py) is of the shown step. The tab of Health carries the number of problems.

import { h, setAttribute, setProperty, setText } from "../../core/dom.js";
import { merge } from "../../core/differences.js";
import { t } from "../../core/text.js";
import { subscribe } from "../shared/subscribe.js";
import { announcer } from "./announcer.js";
import { describe } from "./text.js";

export function panel(section, { store, actions }) {
  const line = createLine(section, store, actions);
  subscribe(store, "advice", "advice");
  return {
    name: "advice", section, needs: ["view:advice", "run", "catalogue", "shown", "history"],
    draw: (state) => draw(line, state),
  };
}

/** The title and the button keep their place while the numbers behind them change. */
function createLine(section, store, actions) {
  const title = h("strong", { class: "advice-title" });
  const button = h("button", { type: "button", class: "button small advice-action", hidden: true });
  const detail = h("span", { class: "advice-detail", title: "" });
  const spoken = h("p", { class: "visually-hidden", role: "status" });
  const repeat = h("button", {
    type: "button", class: "button small advice-repeat", title: t("vary.repeat_help"), text: t("vary.repeat"),
    on: { click: () => actions.vary("seed") },
  });
  const line = { section, title, button, detail, action: null, announce: announcer(spoken) };
  button.addEventListener("click", () => act(line.action, store, actions));
  section.replaceChildren(title, button, detail, repeat, spoken);
  return line;
}

function draw(line, state) {
  const { run } = state;
  if (!run) return;
  const frame = frameOf(state);
  const { kind, title, detail, button, help } = describe(frame, state);
  line.action = frame.action;
  setAttribute(line.section, "data-kind", kind);
  setText(line.title, title);
  setText(line.detail, detail);
  setProperty(line.button, "hidden", !button);
  setText(line.button, button ?? "");
  setAttribute(line.button, "title", help ?? null);
  line.announce(`${title}. ${detail}`, `${kind}/${title}`);
  markTab(document.getElementById("tab-layer_health"), frame.problems);
}

/** The frame of the view for the shown step; until it arrives, one that says only whether the run is training. */
export function frameOf({ run, shown, "view:advice": frame }) {
  const { attempt, step } = shown ?? run;
  const isPresent = frame?.run === run.id && frame.attempt === attempt && (frame.code !== "untrained" || !step);
  return isPresent ? frame : { code: step ? "learning" : "untrained", score: { value: null }, step };
}

/** Applies the changes of a remedy, which can be undone, or shows the better step. */
function act(action, store, actions) {
  if (action?.changes) actions.replace(merge(store.get().draft, action.changes));
  else if (action) actions.showStep?.(action.step);
}

function markTab(tab, count) {
  if (!tab) return;
  const name = t("panel.layer_health.tab");
  setAttribute(tab, "data-count", count || null);
  setAttribute(tab, "aria-label", count ? t("advice.tab", { name, count }) : null);
}
