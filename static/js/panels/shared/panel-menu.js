// The menu of a panel: enlarge, save, explain. Loaded when the menu of a panel is first opened.

import { h, icon } from "../../core/dom.js";
import { t } from "../../core/text.js";

/** Builds the menu of a panel after its button, which opens it from now on, and opens it. */
export function openMenu(button, shell, title, { data, table, enlarge }) {
  const id = `menu-${shell.section.id}`;
  const saving = (run) => async () => run(await import("./saving.js")); // loaded at first use
  const item = (iconName, text, action) => {
    const click = () => {
      menu.hidePopover();
      action();
    };
    return h("button", { type: "button", class: "menu-item", on: { click } }, icon(iconName), text);
  };
  const menu = h("div", { id, class: "menu", popover: "auto" });
  menu.append(
    item("enlarge", t("panel.shared.menu.enlarge"), enlarge),
    item("image", t("panel.shared.menu.save_image"), saving(({ saveImage }) => saveImage(shell, title))),
    item("table", t("panel.shared.menu.save_json"), saving(async ({ saveJson }) => saveJson(title, await data()))),
    item("table", t("panel.shared.menu.save_csv"), saving(async ({ saveCsv }) => saveCsv(title, await table()))),
    item("help", t("panel.shared.menu.explain"), saving(({ showExplanation }) => showExplanation(shell, title))),
  );
  shell.section.dispatchEvent(new CustomEvent("menu", { detail: menu })); // others add their entries
  openFrom(button, menu);
}

/** Adds a popover after its button, which opens it from now on, and opens it; it appears below `anchor()`. */
export function openFrom(button, popover, anchor = () => button) {
  button.after(popover);
  button.setAttribute("popovertarget", popover.id);
  popover.addEventListener("toggle", ({ newState }) => newState === "open" && positionBelow(popover, anchor()));
  popover.showPopover();
}

/** Positions an open popover below its button, inside the window. */
export function positionBelow(popover, button) {
  const anchor = button.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  popover.style.left = `${Math.max(8, Math.min(anchor.right - size.width, innerWidth - size.width - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(anchor.bottom + 4, innerHeight - size.height - 8))}px`;
}
