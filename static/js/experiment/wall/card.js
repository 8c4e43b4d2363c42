// The card of a member on the wall: its picture, what it differs in, its score and its state.

import { h, setAttribute, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { lossText, memberScore } from "../scores.js";
import { memberLines, memberName } from "../variation.js";
import { problemMark } from "./problems.js";

const SIDE = 144; // pixels of a picture

/**
 * A card: { element, canvas, show(member), drawn(), emphasise(isHovered) }. A click opens the member at its newest
 * step; of touches the first one shows it large, the next one opens it.
 */
export function createCard(experiment, first) {
  const [{ run }, name] = [first, memberName(experiment, first)];
  const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const waiting = h("span", { class: "wall-waiting", text: t("experiment.wall.waiting") });
  const [score, mark] = [h("span", { class: "wall-score" }), h("span", { class: "wall-mark" })];
  const title = memberLines(experiment, first).map((text) => h("span", { class: "wall-name", text }));
  const [enter, leave] = [() => experiment.hover(run), () => experiment.hover(null)];
  const button = h("a", {
    class: "wall-card",
    href: `/runs/${run}`,
    on: {
      ...touchSelection(experiment, run), pointerenter: unlessTouch(enter), pointerleave: unlessTouch(leave),
      focus: enter, blur: leave,
    },
  }, canvas, waiting, score, mark, title);
  const element = h("li", {}, button);
  const show = (member) => {
    element.hidden = member.status === "deleted";
    showMember(experiment, member, { button, score, mark, name });
  };
  show(first);
  const emphasise = (isHovered) => button.classList.toggle("hovered", isHovered);
  return { element, canvas, show, emphasise, drawn: () => waiting.remove() };
}

/** The score and the state of a member. */
function showMember(experiment, member, { button, score, mark, name }) {
  const { title: scoreTitle, text } = memberScore(experiment, member);
  const state = markOf(member);
  setText(score, text);
  setText(mark, state);
  mark.hidden = !state;
  setAttribute(mark, "data-status", problemMark(member.problem) ? "problem" : member.status);
  const values = { name, score: scoreTitle, value: text, step: integer(member.step), state };
  setAttribute(button, "aria-label", state
    ? t("experiment.wall.card_state", values)
    : t("experiment.wall.card", { ...values, loss: lossText(member) }));
}

/** A touch enters before it is known whether it opens the member. */
const unlessTouch = (act) => ({ pointerType }) => pointerType !== "touch" && act();

/** Listeners: a touch of a member that is not shown large does not open it. */
function touchSelection(experiment, run) {
  let opens = true;
  return {
    pointerdown: ({ pointerType }) => (opens = pointerType !== "touch" || experiment.hovered === run),
    click: (event) => {
      if (opens) return;
      event.preventDefault();
      experiment.hover(run);
    },
  };
}

/** What is special about the state of a member; "" for one that trains, waits, or has done all its steps. */
function markOf({ status, reason_code: code, problem }) {
  if (["diverged", "failed"].includes(status)) return t(`gallery.status.${status}`);
  if (problemMark(problem)) return problemMark(problem);
  if (code === "halved") return t("experiment.wall.halved");
  if (code === "halving_waits") return t("experiment.wall.waits");
  if (code === "early_stopping") return t("experiment.wall.stopped_early");
  return ["paused", "stopped"].includes(status) ? t(`gallery.status.${status}`) : "";
}
