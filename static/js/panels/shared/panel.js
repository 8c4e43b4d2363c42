// What all panels share: title, one line of what one sees, the plot, and a menu to enlarge it and to save picture and data.

import { h, icon, iconButton } from "../../core/dom.js";

/**
 * Furnish a section with head and body. `data()` returns {name, columns: {name: [..]}} or any JSON for saving, `table()` the
 * part of it that makes a good table (columns, or a list of records) where not all of it does; `explain` is the text of "What is this?". Returns { head, tools, body, title }.
 */
export function panelShell(section, { title, line, explain, data, table = data }) {
  const heading = h("h2", { class: "panel-title", text: title });
  const subtitle = h("p", { class: "panel-line", text: line });
  const tools = h("div", { class: "panel-tools" });
  const body = h("div", { class: "panel-body" });
  const shell = { section, tools, body, heading, subtitle, explain };
  const head = h("header", { class: "panel-head" }, h("div", { class: "panel-names" }, heading, subtitle), tools, menu(shell, title, { data, table }));
  section.append(head, body);
  return shell;
}

/** What few ask for is fetched when it is asked for. */
const later = (name, given) => async () => (await import("./saving.js"))[name](...given());

function menu(shell, title, { data, table }) {
  const id = `menu-${shell.section.id}`;
  const item = (drawing, text, action) => h("button", { type: "button", class: "menu-item", on: { click: () => {
    document.getElementById(id).hidePopover();
    action();
  } } }, icon(drawing), text);
  const list = h("div", { id, class: "menu", popover: "auto" },
    item("enlarge", "Enlarge (F)", () => enlarge(shell.section)),
    item("image", "Save image", later("saveImage", () => [shell, title])),
    item("table", "Save data (JSON)", later("saveJson", () => [title, data()])),
    item("table", "Save data (CSV)", later("saveCsv", () => [title, table()])),
    item("help", "What is this?", later("tell", () => [shell, title])));
  const button = iconButton("more", `${title}: menu`, () => {}, { popovertarget: id, class: "icon-button menu-button" });
  list.addEventListener("toggle", (event) => {
    if (event.newState === "open") place(list, button);
  });
  return h("div", { class: "menu-holder" }, button, list);
}

/** Popovers live above everything; put this one under its button, inside the window. */
export function place(list, button) {
  const at = button.getBoundingClientRect();
  const size = list.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`;
  list.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - size.height - 8))}px`;
}

/** Fill the window with one panel, or give it its place back. */
export function enlarge(section) {
  const on = !section.classList.contains("enlarged");
  document.querySelectorAll(".panel.enlarged").forEach((each) => each.classList.remove("enlarged"));
  section.classList.toggle("enlarged", on);
  document.body.classList.toggle("has-enlarged", on);
  window.dispatchEvent(new Event("resize"));
}

/** Give a canvas as many pixels as the screen shows of it; true when its size changed (and it is therefore blank). */
export function fitCanvas(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [w, hgt] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  const changed = canvas.width !== w || canvas.height !== hgt;
  if (changed) Object.assign(canvas, { width: w, height: hgt });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  return changed;
}
