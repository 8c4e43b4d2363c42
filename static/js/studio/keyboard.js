// Keyboard shortcuts; inactive while the user types or a dialog is open.

import { listen } from "../core/dom.js";

const SHORTCUTS = {
  " ": "toggle", r: "reset", n: "newWeights", d: "theme", f: "enlarge", "/": "settings", escape: "escape", "?": "help",
};
/** The key of the browser's storage under which shortcuts of one character are switched off. */
export const CHARACTERS_OFF = "perceptarium-no-character-keys";
const TEXT_FIELDS = "textarea, input:is([type=text], [type=number], :not([type]))";
const FOCUS_KEYS = new Set(["Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/** Calls `commands[name]()` for each of the `shortcuts`; the returned function removes the listeners. */
export function startKeys(commands, shortcuts = SHORTCUTS) {
  let lastInputWasKey = true; // of the inputs that can move the focus
  let focusedByPointer = false;
  const listeners = [
    listen(document, "keydown", ({ key }) => FOCUS_KEYS.has(key) && (lastInputWasKey = true), true),
    listen(document, "pointerdown", () => (lastInputWasKey = false), true),
    listen(document, "focusin", () => (focusedByPointer = !lastInputWasKey)),
    listen(document, "click", ({ detail }) => detail > 0 && (focusedByPointer = true)),
    listen(document, "keydown", (event) => {
      const name = shortcut(event, shortcuts);
      if (!name || !commands[name] || isTyping(event, name, focusedByPointer)) return;
      if (document.querySelector("dialog[open]")) return;
      // The browser closes an open menu at Escape; the unit popover closes when its unit is unpinned.
      if (name === "escape" && document.querySelector(".menu:popover-open:not(.inspector)")) return;
      event.preventDefault();
      if (name === "toggle") event.target.blur(); // some browsers click a focused button when Space is released
      commands[name]();
    }),
  ];
  return () => listeners.forEach((remove) => remove());
}

function shortcut({ key, ctrlKey, metaKey, shiftKey, altKey }, shortcuts) {
  if (altKey) return null;
  const lower = key.toLowerCase();
  if (ctrlKey || metaKey) return lower === "z" ? (shiftKey ? "redo" : "undo") : lower === "y" ? "redo" : null;
  if (key === "ArrowRight") return shiftKey ? "epoch" : "step";
  if (key.length < 2 && key !== " " && localStorage.getItem(CHARACTERS_OFF)) return null;
  return shortcuts[lower] ?? null;
}

/**
 * Whether the focused control needs the key itself: text fields need every key, selects most keys, sliders the arrows,
 * and buttons Space, unless a pointer set the focus.
 */
function isTyping({ target }, name, focusedByPointer) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches(TEXT_FIELDS)) return name !== "escape";
  if (target.matches("select")) return name !== "undo" && name !== "redo" && name !== "escape";
  if (target.matches("input[type=range]")) return ["step", "epoch", "first", "follow"].includes(name);
  return name === "toggle" && !focusedByPointer && target.matches("button, a, summary, input[type=checkbox]");
}
