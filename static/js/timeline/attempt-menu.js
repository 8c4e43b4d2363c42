// The button that names the shown attempt, and the list of attempts that it opens. Hidden while there is one only.

import { h, setAttribute, setText } from "../core/dom.js";
import { integer, number } from "../core/formats.js";
import { same } from "../core/store.js";
import { t } from "../core/text.js";
import { attemptText, readAttempts, shownAttempt } from "./attempts.js";
import { popoverOf } from "./popover.js";

/** `go(attempt)` shows an attempt, `follow()` the present one. Returns { element, draw(state) }. */
export function attemptMenu(store, { go, follow }, refuse) {
  const button = h("button", {
    type: "button", class: "timeline-attempt", title: t("timeline.attempt.help"), hidden: true,
  });
  const label = t("timeline.attempt.list");
  const menu = h("div", { id: "timeline-attempts", class: "menu timeline-menu", "aria-label": label });
  const choose = (attempt) => {
    popover.close();
    if (attempt === store.get().run.attempt) follow();
    else go(attempt).catch(refuse);
  };
  const fill = () => fillWith(menu, rows(store.get(), choose));
  const popover = popoverOf(button, menu, fill);
  menu.addEventListener("beforetoggle", ({ newState }) => newState === "open" && update());
  const update = () => readAttempts(store).then(() => {
    if (!popover.isOpen()) return;
    fill();
    popover.place();
  }, () => {}); // the list then shows what was read before
  const draw = (state) => {
    setAttribute(button, "hidden", state.run.attempt ? null : "");
    setText(button, attemptText(state));
  };
  return { element: h("div", { class: "timeline-attempts" }, button, menu), draw };
}

/** Rows that are there stay, with new texts: a click can begin before the attempts are read and end after it. */
function fillWith(menu, rows) {
  const keyOf = ({ dataset, textContent }) => dataset.attempt ?? textContent;
  const [before, after] = [[...menu.children], rows].map((list) => list.map(keyOf));
  if (!same(before, after)) return menu.replaceChildren(...rows);
  rows.forEach((row, i) => {
    setAttribute(menu.children[i], "aria-current", row.getAttribute("aria-current"));
    if (row.dataset.attempt) setText(menu.children[i].lastChild, row.lastChild.textContent);
  });
}

function rows(state, choose) {
  const { attempts } = state.timeline;
  const items = [...attempts].reverse().map((attempt) => attemptRow(state, attempt, choose));
  const recorded = new Set(attempts.map(({ attempt }) => attempt));
  const deleted = Array.from({ length: state.run.attempt }, (_, i) => i).filter((i) => !recorded.has(i));
  if (!deleted.length || !attempts.length) return items;
  const numbers = ranges(deleted.map((attempt) => attempt + 1)).join(", ");
  return [...items, h("p", { class: "timeline-deleted", text: t("timeline.attempt.deleted", { numbers }) })];
}

function attemptRow(state, { attempt, step, best }, choose) {
  const { run } = state;
  const isPresent = attempt === run.attempt;
  const parts = [t("timeline.attempt.steps", { count: integer(isPresent ? run.step : step) })];
  if (best) parts.push(t("timeline.attempt.best", { loss: number(best.score) }));
  if (isPresent) parts.push(t("timeline.attempt.present"));
  return h("button", {
    type: "button", class: "timeline-row", "data-attempt": attempt, on: { click: () => choose(attempt) },
    "aria-current": attempt === shownAttempt(state) ? "true" : null,
  },
  h("strong", { text: t("timeline.attempt.number", { number: integer(attempt + 1) }) }),
  h("span", { text: parts.join(" · ") }));
}

/** Increasing numbers as texts, consecutive ones together: "1–3", "5". */
function ranges(numbers) {
  const result = [];
  for (const value of numbers) {
    const last = result.at(-1);
    if (last?.[1] === value - 1) last[1] = value;
    else result.push([value, value]);
  }
  return result.map(([first, last]) => (first === last ? integer(first) : `${integer(first)}–${integer(last)}`));
}
