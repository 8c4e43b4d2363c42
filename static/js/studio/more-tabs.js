// The menu of the tabs that do not fit the run. Loaded when it is first opened.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { positionBelow } from "../panels/shared/panel-menu.js";

/** Opens the menu below its button; `open(section)` opens the tab of a section. */
export function openMore(button, sections, open) {
  const choose = (section) => {
    menu.hidePopover();
    open(section);
  };
  const item = (section) => h("button", { type: "button", class: "menu-item", on: { click: () => choose(section) } },
    h("span", {}, section.ariaLabel, h("small", { text: t(`panel.${section.dataset.panel}.fits`) })));
  const menu = h("div", { class: "menu more-tabs", popover: "auto" }, sections.map(item));
  menu.addEventListener("toggle", ({ newState }) => newState === "closed" && menu.remove());
  document.body.append(menu);
  menu.showPopover();
  positionBelow(menu, button);
  menu.querySelector("button").focus();
}
