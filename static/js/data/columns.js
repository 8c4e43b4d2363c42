// The columns of an imported table, with controls to correct their types and roles.

import { h } from "../core/dom.js";
import { integer, number } from "../core/formats.js";
import { t } from "../core/text.js";
import { placeChildren } from "./kept-elements.js";
import { reasonText } from "./sentences.js";

const ROLES = ["input", "target", "ignored"].map((role) => [role, t(`data.role.${role}`)]);
const TYPES = ["number", "text", "date"].map((type) => [type, t(`data.type.${type}`)]);
const MAX_LISTED = 64;

/** The table of the columns; `change(options)` imports the file again with changed options. Only the rows that differ
 * from those of the answer before are built again. */
export function columnTable(answer, options, change, keep) {
  const columns = answer.columns.slice(0, MAX_LISTED);
  const table = keep("columns", [answer.columns.length], () => emptyTable(answer.columns.length - MAX_LISTED));
  placeChildren(table.querySelector("tbody"), columns.map((column, i) => {
    const data = [column, answer.task, answer.target, choicesOf(options, column.name)];
    return keep(`column ${i}`, data, () => columnRow(column, answer, options, change));
  }));
  return table;
}

/** What was chosen for a column, whether or not it was followed. */
const choicesOf = (options, name) =>
  ["ignore", "input", "target", ...TYPES.map(([type]) => type)].filter((key) => options[key]?.includes(name));

function emptyTable(hidden) {
  const titles = [
    t("data.column.name"), t("data.column.type"), t("data.column.role"), t("data.column.missing"),
    t("data.column.values"),
  ];
  return h("div", { class: "data-scroll", tabindex: 0, role: "region", "aria-label": t("data.column.title") },
    h("table", { class: "data-table" },
      h("thead", {}, h("tr", {}, titles.map((text) => h("th", { scope: "col", text })))), h("tbody")),
    hidden > 0 && h("p", { class: "data-note", text: hiddenText(hidden) }));
}

const hiddenText = (count) => t("data.column.hidden", { count, columns: integer(count) });

function columnRow(column, answer, options, change) {
  const { name, type, role, missing, type_reason: typeReason, role_reason: roleReason } = column;
  const typeLabel = t("data.column.type_label", { name });
  const roleLabel = t("data.column.role_label", { name });
  return h("tr", {},
    h("th", { scope: "row", text: name }),
    h("td", {}, type === "empty" ? t("data.type.empty")
      : select(TYPES, type, (value) => change(withType(options, name, value)), typeLabel), reasonText(typeReason)),
    h("td", {}, select(ROLES, role, (value) => change(withRole(answer, options, name, value)), roleLabel),
      reasonText(roleReason)),
    h("td", { class: "data-number", text: missing ? integer(missing) : "–" }),
    h("td", { text: valuesOf(column) }));
}

/** The range of a column of numbers or dates, or the categories of a column of texts. */
function valuesOf({ type, categories, values: count, minimum, maximum }) {
  if (type === "date") return minimum ? t("data.column.range", { low: minimum, high: maximum }) : "";
  if (type === "number") {
    return minimum === undefined ? "" : t("data.column.range", { low: number(minimum), high: number(maximum) });
  }
  if (!categories && !count) return t("data.column.many_texts");
  if (!categories) return t("data.column.texts", { count, texts: integer(count) });
  return categories.length > 6 ? `${categories.slice(0, 5).join(", ")} … (${count})` : categories.join(", ");
}

const without = (list, name) => (list ?? []).filter((other) => other !== name);

function withType(options, name, type) {
  const lists = Object.fromEntries(TYPES.map(([other]) => [other, without(options[other], name)]));
  return { ...lists, [type]: [...lists[type], name] };
}

/** A new target replaces the old one; only multilabel data have several. */
function withRole(answer, options, name, role) {
  const several = answer.task === "multilabel";
  const target = options.target?.length ? options.target : answer.target; // asked already, or as answered
  const others = without(target, name);
  const input = role === "input" ? [...without(options.input, name), name] : without(options.input, name);
  const ignore = role === "ignored" ? [...without(options.ignore, name), name] : without(options.ignore, name);
  if (role !== "target") return { ignore, input, target: target.includes(name) ? others : options.target ?? [] };
  const task = several ? options.task ?? "auto" : "auto";
  return { ignore, input, target: several ? [...others, name] : [name], task };
}

/** A select with [value, title] options. */
export function select(options, value, onChange, label = null) {
  const element = h("select", { class: "select", "aria-label": label, on: { change: () => onChange(element.value) } },
    options.map(([name, title]) => h("option", { value: name, text: title })));
  element.value = value;
  return element;
}
