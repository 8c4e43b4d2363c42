// A small button at the label under the pointer or with the focus, if its term is in the glossary: it opens the
// definition, and so does F1. Loaded when pointer or keyboard are first used.

import { h, listen } from "../core/dom.js";
import { load } from "../core/loading.js";
import { t } from "../core/text.js";
import { HOLDERS, labelAt, textOf } from "./labels.js";

const OVERLAP = 3; // CSS pixels
const RISE = 5; // CSS pixels of its middle above the text of a tab
let started = false;

/** Offers the definitions of all labels of the page; `first` is the event that loaded this module. */
export function offerTerms(first) {
  if (started) return;
  started = true;
  let shown = null;
  const button = h("button", {
    type: "button", class: "term-button", text: "?", on: { click: () => open(shown.term, button) },
  });
  const hide = () => {
    button.remove();
    shown = null;
  };
  const move = ({ target }) => {
    const next = labelAt(target.closest?.(HOLDERS));
    // The tabs move to the head of the panel that is opened.
    if (!next || (next.label === shown?.label && button.parentElement === next.place)) return;
    shown = next;
    button.setAttribute("aria-label", t("glossary.offer", { label: textOf(next.label) }));
    next.place.append(button);
    place(button, next.label);
  };
  listen(document, "pointerover", move);
  listen(document, "focusin", (event) => event.target !== button && move(event));
  listen(document, "scroll", () => !button.matches(":focus") && hide(), { capture: true, passive: true });
  listen(document, "keydown", (event) => event.key === "F1" && explain(event, button));
  if (first.key === "F1") explain(first, button);
  else move(first);
}

/** Puts the button at the end of the text of the label; at a tab inside and higher, where it covers no other tab. */
function place(button, label) {
  const range = document.createRange();
  range.selectNodeContents(label);
  const text = [...range.getClientRects()].at(0) ?? label.getBoundingClientRect();
  const { width, height } = button.getBoundingClientRect();
  const isTab = label.matches("[role=tab]");
  const left = isTab ? label.getBoundingClientRect().right - width : text.right - OVERLAP;
  button.style.left = `${Math.min(left, innerWidth - width)}px`;
  const middle = isTab ? text.top - RISE : text.top + text.height / 2;
  button.style.top = `${Math.max(0, middle - height / 2)}px`;
}

const open = async (term, anchor) => (await load(() => import("./definition.js"))).showDefinition(term, anchor);

/** F1 explains the label of the control with the focus. */
function explain(event, button) {
  const focused = document.activeElement;
  const found = labelAt(focused?.closest(HOLDERS));
  if (!found) return;
  event.preventDefault();
  open(found.term, button.isConnected ? button : focused);
}
