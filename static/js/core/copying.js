// Copying text. Browsers offer their clipboard only to pages of HTTPS and of this machine, not to a class on a network.

import { h } from "./dom.js";

/** Copies a text; resolves to whether the browser did it. */
export const copyText = async (text) =>
  (navigator.clipboard ? navigator.clipboard.writeText(text).then(() => true, () => false) : copySelected(text));

/** Copies the text from a field, which the focus returns from. */
function copySelected(text) {
  const before = document.activeElement;
  const field = h("textarea", { class: "visually-hidden", readonly: true, "aria-hidden": "true" });
  field.value = text;
  (before?.closest("dialog, [popover]") ?? document.body).append(field); // what is outside of a dialog is not selected
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  before?.focus();
  return isCopied;
}
