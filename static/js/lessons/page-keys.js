// PageDown and PageUp, as a presenter's remote sends them: from one experiment of a lesson to the next; L opens notes.

import { CHARACTERS_OFF } from "../studio/keyboard.js";
import { reveal } from "./step.js";

/**
 * PageDown reveals an explanation, opens the next experiment or the next lesson; PageUp opens the one before. L opens
 * the notes for the lecturer in a window of their own, which a projector does not show.
 */
export function listenToPageKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("textarea, input, select") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "PageDown") forward();
    else if (event.key === "PageUp") back();
    else if (event.key.toLowerCase() === "l" && !localStorage.getItem(CHARACTERS_OFF)) openNotes();
    else return;
    event.preventDefault();
  });
}

const buttons = () => [...document.querySelectorAll("[data-try]")];
const position = () => buttons().findIndex((button) => button.getAttribute("aria-pressed") === "true");

function forward() {
  if (reveal()) return;
  const next = buttons()[position() + 1] ?? document.querySelector(".lesson-next [href^='/lessons/']");
  next?.click();
  next?.scrollIntoView({ block: "nearest" });
}

function back() {
  const before = buttons()[position() - 1];
  before?.click();
  before?.scrollIntoView({ block: "nearest" });
}

const openNotes = () => window.open(`${location.pathname}/notes`, "perceptarium-notes", "width=560,height=760");
