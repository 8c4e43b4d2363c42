// A small button at the label under the pointer or with the focus, if its term is in the glossary: it opens the
// definition, and so does F1. Loaded when pointer or keyboard are first used.

import { h, listen } from "../core/dom.js";
import { load } from "../core/loading.js";
import { t } from "../core/text.js";
import { FINGER } from "../panels/shared/axes.js";
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
  const move = ({ target }) => {
    const next = labelAt(target.closest?.(HOLDERS));
    // The tabs move to the head of the panel that is opened.
    if (!next) return;
    if (next.label !== shown?.label || button.parentElement !== next.place) {
      shown = next;
      button.setAttribute("aria-label", t("glossary.offer", { label: textOf(next.label) }));
      next.place.append(button);
    }
    place(button, next.label); // the label may have moved
  };
  listen(document, "pointerover", move);
  listen(document, "focusin", (event) => event.target !== button && move(event));
  listen(document, "scroll", (event) => follow(event, button, shown), { capture: true, passive: true });
  listen(document, "keydown", (event) => event.key === "F1" && explain(event, button));
  if (first.key === "F1") explain(first, button);
  else move(first);
}

/** Moves the button with its label while something is scrolled; it goes when the label is no longer visible. */
function follow({ target }, button, shown) {
  if (!button.isConnected || !target.contains(shown.label)) return;
  if (isInView(shown) || button.matches(":focus")) place(button, shown.label);
  else button.remove();
}

/** Puts the button at the end of the text of the label; at a tab inside and higher, where it covers no other tab. */
function place(button, label) {
  if (FINGER) return placeForFinger(button, label);
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

/**
 * The button for a finger is larger than most labels: it is above the label, or below it at the upper edge of the
 * window, because it would take the press that is meant for a tab or a list.
 */
function placeForFinger(button, label) {
  const { top, right, bottom } = visibleBox(label);
  const { width, height } = button.getBoundingClientRect();
  const above = top + OVERLAP - height;
  button.style.left = `${Math.max(0, Math.min(right, innerWidth) - width)}px`;
  button.style.top = `${above < 0 ? bottom - OVERLAP : above}px`;
}

/** The box of a label, or of it and its control if it is for screen readers only. */
const visibleBox = (label) => (label.offsetWidth <= 1 ? label.parentElement : label).getBoundingClientRect();

/** Whether the middle of a label is in the window and not scrolled out of its box or below a bar. */
function isInView({ label, place: holder }) {
  const { left, top, width, height } = visibleBox(label);
  return holder.contains(document.elementFromPoint(left + width / 2, top + height / 2));
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
