// The key that enlarges a panel. Loaded with its first press.

import { enlarge } from "../panels/shared/panel.js";

/** Enlarges the panel below the pointer, with the focus, or the first one; makes the enlarged one small again. */
export function enlargeHere() {
  // A section whose tab was just left may count as hovered until the pointer moves on.
  const selectors = [
    ".panel.enlarged",
    ".panel:hover:not([hidden])",
    ".panel:focus-within:not([hidden])",
    ".panel[data-panel]:not([hidden])",
  ];
  enlarge(selectors.reduce((panel, selector) => panel ?? document.querySelector(selector), null));
}
