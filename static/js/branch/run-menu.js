// A button in the time line that lists runs; a click there shows one of them in the page.

import { h } from "../core/dom.js";
import { popoverOf } from "../timeline/popover.js";

/**
 * Creates the hidden button with its menu, `timeline-NAME`. `rows(choose)` returns what it lists when it opens:
 * `choose(id)` shows a run. Returns { element, button, menu, popover, fill }.
 */
export function runMenu(name, label, icon, session, rows) {
  const button = h("button", {
    type: "button", class: `icon-button timeline-${name}`, title: label, "aria-label": label, hidden: true,
  }, icon);
  const menu = h("div", { id: `timeline-${name}`, class: "menu timeline-menu", "aria-label": label });
  const choose = (id) => {
    popover.close();
    session.branch("openInPage", id);
  };
  const fill = () => menu.replaceChildren(h("h3", { text: label }), ...rows(choose));
  const popover = popoverOf(button, menu, fill);
  return { element: h("div", {}, button, menu), button, menu, popover, fill };
}
