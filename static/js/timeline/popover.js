// The popovers of the time line, which open above their buttons.

import { h } from "../core/dom.js";

/** Makes `element` a popover of `button`; `fill()` is called before it is shown. Returns { open, close, isOpen }. */
export function popoverOf(button, element, fill) {
  for (const [name, value] of [["popover", "auto"], ["role", "dialog"]]) element.setAttribute(name, value);
  button.setAttribute("popovertarget", element.id);
  button.setAttribute("aria-haspopup", "dialog");
  element.addEventListener("beforetoggle", ({ newState }) => newState === "open" && fill());
  element.addEventListener("toggle", ({ newState }) => {
    if (newState !== "open") return;
    element.scrollTop = 0;
    place(element, button);
  });
  const isOpen = () => element.matches(":popover-open");
  return {
    isOpen,
    open: () => isOpen() || element.showPopover(),
    close: () => isOpen() && element.hidePopover(),
    place: () => isOpen() && place(element, button),
  };
}

/** Places an open popover above its button, inside the window. */
function place(popover, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  popover.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
  popover.style.top = `${Math.max(8, anchor.top - height - 8)}px`;
}

/** A button with text only, in a popover. */
export const textButton = (text, click, attributes = {}) =>
  h("button", { type: "button", class: "button small", on: { click }, ...attributes }, text);
