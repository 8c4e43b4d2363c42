// Keyboard shortcuts; they are ignored in text fields and while a dialog is open.

import { listen } from "../core/dom.js";

const MOVING = new Set(["Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/** Listen for the shortcuts until the returned function is called. */
export function startKeys(commands) {
  let [keyed, pointed] = [true, false]; // whether keys move the focus, and whether a pointer put it where it is
  const undo = [
    listen(document, "keydown", ({ key }) => MOVING.has(key) && (keyed = true), true),
    listen(document, "pointerdown", () => (keyed = false), true),
    listen(document, "focusin", () => (pointed = !keyed)),
    listen(document, "click", ({ detail }) => detail > 0 && (pointed = true)),
    listen(document, "keydown", (event) => {
      const name = shortcut(event);
      if (!name || !commands[name] || isTyping(event, name, pointed) || document.querySelector("dialog[open]")) return;
      // Escape closes the open menu, which browsers do; the unit's window beside its unit goes with the pin.
      if (name === "escape" && document.querySelector(".menu:popover-open:not(.inspector)")) return;
      event.preventDefault();
      if (name === "toggle") event.target.blur(); // or some browsers press a button when the key comes up
      commands[name]();
    }),
  ];
  return () => undo.forEach((stop) => stop());
}

function shortcut({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (altKey) return null;
  const lower = key.toLowerCase();
  if (ctrlKey || metaKey) return lower === "z" ? (shiftKey ? "redo" : "undo") : lower === "y" ? "redo" : null;
  if (key === "ArrowRight") return shiftKey ? "epoch" : "step";
  return { " ": "toggle", r: "reset", n: "newWeights", d: "theme", f: "enlarge", escape: "escape", "?": "help" }[lower] ?? null;
}

/** Whether the focused control uses the key itself: text fields every key, sliders the arrows, buttons Space. */
function isTyping({ target }, name, pointed) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, input[type=text], input[type=number], input:not([type])")) return name !== "escape";
  if (target.matches("select")) return name !== "undo" && name !== "redo" && name !== "escape";
  if (target.matches("input[type=range]")) return name === "step" || name === "epoch";
  return name === "toggle" && !pointed && target.matches("button, a, summary, input[type=checkbox]");
}
