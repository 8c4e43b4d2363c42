// The frame of every panel: title, subtitle, body, and a menu to enlarge, save and explain the panel.

import { h, iconButton } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { t } from "../../core/text.js";
import { PRESENT } from "./axes.js";

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
  const menu = panelMenu(shell, title, { data, table, enlarge: () => enlarge(section) });
  section.append(h("header", { class: "panel-head" }, names, tools, menu), body);
  return shell;
}

/** The button that loads and opens the menu of a panel; in presentation mode also the one that enlarges it. */
function panelMenu(shell, panel, sources) {
  let loading = null;
  const open = () => (loading ??= load(() => import("./panel-menu.js"))
    .then(({ openMenu }) => openMenu(button, shell, panel, sources)));
  const button = iconButton("more", t("panel.shared.menu.name", { panel }), open, { class: "icon-button menu-button" });
  const look = { class: "icon-button enlarge-button" };
  const large = PRESENT && iconButton("enlarge", t("panel.shared.menu.enlarge"), sources.enlarge, look);
  return h("div", { class: "menu-holder" }, large, button);
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
