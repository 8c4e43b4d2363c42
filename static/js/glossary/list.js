// The terms of all labels that are visible on the page, for those that the keyboard does not reach.

import { h } from "../core/dom.js";
import { showDefinition } from "./definition.js";
import { HOLDERS, labelAt, textOf } from "./labels.js";

/** A button for each term, named as its label, in the order of the page. */
export function termButtons() {
  const found = new Map();
  for (const holder of document.querySelectorAll(HOLDERS)) {
    const { term, label } = labelAt(holder) ?? {};
    const text = label?.checkVisibility() && textOf(label);
    if (text && !found.has(term)) found.set(term, text);
  }
  return [...found].map(([term, text]) => {
    const click = () => showDefinition(term, button);
    const button = h("button", { type: "button", class: "chip small", on: { click } }, h("span", { text }));
    return button;
  });
}
