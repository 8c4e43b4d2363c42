// PageDown and PageUp, as a presenter's remote sends them: from one experiment of a lesson to the next.

import { reveal } from "./step.js";

/** PageDown reveals an explanation, opens the next experiment or the next lesson; PageUp opens the one before. */
export function listenToPageKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("textarea, input, select") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "PageDown") forward();
    else if (event.key === "PageUp") back();
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
