// A section of the page: its heading, and buttons that save what it shows.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { saveCsv, saveImage } from "../panels/shared/saving.js";

/**
 * Adds a section to the page; returns { body, tools }. `table()` returns what is saved as CSV
 * (panels/shared/csv.js), or a promise of it; `image`: whether it can be saved as an image, too.
 */
export function addSection(name, title, { table, image = false, line }) {
  const id = `section-${name}`;
  const body = h("div", { class: "compare-body" });
  const button = (text, click) => h("button", { type: "button", class: "button small", text, on: { click } });
  const tools = h("div", { class: "compare-tools" });
  const savers = [
    image && button(t("compare.save_image"), () => saveImage({ section, body }, title)),
    button(t("compare.save_csv"), async () => saveCsv(title, await table())),
  ];
  const head = h("div", { class: "compare-head" }, h("h2", { id, text: title }), tools, savers);
  const note = line && h("p", { class: "compare-note", text: line });
  const section = h("section", { class: `panel compare-section-${name}`, "aria-labelledby": id }, head, note, body);
  document.getElementById("sections").append(section);
  return { body, tools };
}

/** A table in a box that scrolls sideways, also by keyboard. */
export function tableBox(label, rows) {
  return h("div", { class: "compare-scroll", tabindex: 0, role: "group", "aria-label": label },
    h("table", { class: "compare-table" }, rows));
}
