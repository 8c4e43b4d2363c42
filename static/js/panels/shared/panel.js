// The frame of every panel: title, subtitle, body, and a menu to enlarge, save and explain the panel.

import { h, icon, iconButton } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { LARGE } from "./axes.js";

/**
 * Fills a section with header and body; returns { section, tools, body, heading, subtitle, explain }.
 * The dialog of the menu shows `explain`, or else the text panel.<view>.explain. `data()` returns what is saved as
 * JSON, `table()` the part of it that is saved as CSV: { columns: { name: [...] } } or a list of records.
 * Both may return promises.
 */
export function panelShell(section, { title, line, explain, data, table = data }) {
  const heading = h("h2", { class: "panel-title", text: title });
  const subtitle = h("p", { class: "panel-line", title: line ?? "", text: line }); // shortened by CSS
  const tools = h("div", { class: "panel-tools" });
  const body = h("div", { class: "panel-body" });
  const shell = { section, tools, body, heading, subtitle, explain };
  const names = h("div", { class: "panel-names" }, heading, subtitle);
  section.append(h("header", { class: "panel-head" }, names, tools, panelMenu(shell, title, { data, table })), body);
  return shell;
}

function panelMenu(shell, title, { data, table }) {
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
    item("enlarge", t("panel.shared.menu.enlarge"), () => enlarge(shell.section)),
    item("image", t("panel.shared.menu.save_image"), saving(({ saveImage }) => saveImage(shell, title))),
    item("table", t("panel.shared.menu.save_json"), saving(async ({ saveJson }) => saveJson(title, await data()))),
    item("table", t("panel.shared.menu.save_csv"), saving(async ({ saveCsv }) => saveCsv(title, await table()))),
    item("help", t("panel.shared.menu.explain"), saving(({ showExplanation }) => showExplanation(shell, title))),
  );
  const attributes = { popovertarget: id, class: "icon-button menu-button" };
  const button = iconButton("more", t("panel.shared.menu.name", { panel: title }), () => {}, attributes);
  menu.addEventListener("toggle", ({ newState }) => newState === "open" && positionBelow(menu, button));
  const toggle = () => enlarge(shell.section);
  const look = { class: "icon-button enlarge-button" };
  const large = LARGE > 1 && iconButton("enlarge", t("panel.shared.menu.enlarge"), toggle, look);
  return h("div", { class: "menu-holder" }, large, button, menu);
}

/** Positions an open popover below its button, inside the window. */
export function positionBelow(popover, button) {
  const anchor = button.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  popover.style.left = `${Math.max(8, Math.min(anchor.right - size.width, innerWidth - size.width - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(anchor.bottom + 4, innerHeight - size.height - 8))}px`;
}

/** Toggles between a panel that fills the window and its normal size. */
export function enlarge(section) {
  const isEnlarged = !section.classList.contains("enlarged");
  document.querySelectorAll(".panel.enlarged").forEach((panel) => panel.classList.remove("enlarged"));
  section.classList.toggle("enlarged", isEnlarged);
  document.body.classList.toggle("has-enlarged", isEnlarged);
  window.dispatchEvent(new Event("resize"));
}

/** Gives a canvas one pixel per device pixel (at most 3 per CSS pixel); true if its size changed, which clears it. */
export function fitCanvas(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.round(side * ratio)));
  const changed = canvas.width !== columns || canvas.height !== rows;
  if (changed) Object.assign(canvas, { width: columns, height: rows });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  return changed;
}
