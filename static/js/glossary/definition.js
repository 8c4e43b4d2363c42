// The definition of a term, in a popover beside its label, from the page of the glossary.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { positionBelow } from "../panels/shared/panel-menu.js";

const ADDRESS = "/lessons/glossary";
let page = null; // the promise of the page

/** Shows a term below an element; the focus is in the popover until it is closed, and then returns. */
export async function showDefinition(term, anchor) {
  const entry = await entryOf(term);
  const before = document.activeElement;
  document.getElementById("definition")?.remove();
  const link = h("a", { href: `${ADDRESS}#${term}`, target: "_blank", rel: "noopener", text: t("glossary.all") });
  const body = h("div", { class: "definition-text" }, entry);
  const popover = h("div", {
    id: "definition", class: "menu definition", popover: "auto", role: "dialog", tabindex: -1,
    "aria-label": t("glossary.title"),
  }, body, link);
  (anchor.closest("dialog, [popover]") ?? document.body).append(popover);
  popover.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    popover.remove();
    if (before?.isConnected) before.focus();
  });
  popover.showPopover();
  positionBelow(popover, anchor);
  popover.focus();
}

/** The title and the definition of a term; the page of the glossary is fetched once. */
async function entryOf(term) {
  page ??= fetch(`${ADDRESS}?lang=${document.documentElement.lang}`)
    .then((answer) => answer.text())
    .then((text) => new DOMParser().parseFromString(text, "text/html"));
  const entry = await page.then((found) => found.getElementById(term), () => (page = null));
  if (!entry) return [h("p", { text: t("glossary.unreachable") })];
  return [...document.importNode(entry, true).children].flatMap((part) =>
    (part.matches("dt") ? h("strong", { text: part.textContent }) : [...part.childNodes]));
}
