// The tables in the data folder of the server that no name and no run refers to: download, add and delete them.

import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { deleteFound, foundPath, foundTables, readFound } from "./calls.js";
import { button, deleteButton } from "./own-datasets.js";

/**
 * A section that is hidden until the server answers that there are any. `refresh(message)` shows the dialog again,
 * `fail(message)` an error, `add(file, name)` begins the import of a file.
 */
export function foundSection({ refresh, fail, add }) {
  const section = h("section", { class: "data-found", hidden: true });
  const failed = (error) => section.isConnected && fail(error.message);
  const actions = {
    add: ({ content }, name) => readFound(content).then((file) => section.isConnected && add(file, name), failed),
    remove: ({ content }, name) =>
      deleteFound(content).then(() => section.isConnected && refresh(t("data.found.deleted", { name })), failed),
  };
  foundTables().then((tables) => {
    section.hidden = !tables.length;
    section.append(h("h3", { text: t("data.found.title") }),
      h("p", { class: "data-note", text: t("data.found.help") }),
      h("ul", { class: "data-list" }, tables.map((table) => row(table, actions))));
  }, failed);
  return section;
}

function row(table, { add, remove }) {
  const name = t("data.found.name", { content: table.content.slice(0, 6) });
  return h("li", { class: "data-own" },
    h("span", { class: "data-own-name" }, h("strong", { text: name }), ` ${facts(table)}`),
    ...(table.damaged ? [] : [
      button(t("data.found.add"), t("data.found.add_label", { name }), () => add(table, name)),
      h("a", {
        class: "button small", href: foundPath(table.content), download: `${name}.${table.format}`,
        text: t("data.found.download"), "aria-label": t("data.found.download_label", { name }),
      }),
    ]),
    deleteButton(name, () => remove(table, name)));
}

const SHOWN_INPUTS = 3;

function facts({ bytes, created, damaged, inputs, rows }) {
  const size = inUnit(bytes);
  if (damaged) return t("data.found.damaged", { size });
  const names = [...inputs.slice(0, SHOWN_INPUTS), ...(inputs.length > SHOWN_INPUTS ? ["…"] : [])].join(", ");
  return t("data.found.facts", { count: rows, rows: integer(rows), inputs: names, size, date: day(created) });
}

const language = document.documentElement.lang || "en";
const day = (seconds) => new Date(seconds * 1000).toLocaleDateString(language, { dateStyle: "medium" });

/** Bytes in kilobytes or megabytes, which are powers of 1000. */
function inUnit(bytes) {
  const [size, unit] = bytes < 1e6 ? [1e3, "kilobyte"] : [1e6, "megabyte"];
  return (bytes / size).toLocaleString(language, { style: "unit", unit, maximumSignificantDigits: 2 });
}
