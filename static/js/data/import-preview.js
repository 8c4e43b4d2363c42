// What was understood of a table, for a person to confirm or to correct: how it is written, columns, gaps, the first rows.

import { h } from "../core/dom.js";
import { number } from "../core/formats.js";
import { tablePlot } from "./plot.js";

const DELIMITERS = [["auto", "recognised"], [",", "comma"], [";", "semicolon"], ["\t", "tab"], ["|", "vertical bar"], [" ", "space"]];
const DECIMALS = [["auto", "recognised"], [".", "point"], [",", "comma"]];
const HEADERS = [["auto", "recognised"], ["yes", "names"], ["no", "data"]];
const TASKS = [["auto", "suggested"], ["regression", "Regression"], ["binary", "Binary"], ["multiclass", "Multiclass"], ["multilabel", "Multilabel"]];
const GAPS = [["auto", "suggested"], ["drop", "leave the row out"], ["median", "fill with the median"], ["mean", "fill with the mean"]];
const ROLES = [["input", "Input"], ["target", "Target"], ["ignored", "Left out"]];
const TYPES = [["number", "Number"], ["text", "Text"]];
const LISTED = 64; // columns that are listed

/** All of it as elements; `wish(changes)` asks to read the table again with other decisions. */
export function understoodView(answer, wishes, wish) {
  const found = (options, value) => options.find(([each]) => each === value)?.[1] ?? value;
  const choose = (label, key, options, now) => h("label", { class: "data-choice" }, h("span", { text: label }),
    select(options.map(([value, title]) => [value, value === "auto" ? `${now} (${title})` : title]), wishes[key] ?? "auto", (value) => wish({ [key]: value })));
  return [
    h("p", { class: "data-facts", text: facts(answer) }),
    h("div", { class: "data-choices" },
      choose("Cells end with", "delimiter", DELIMITERS, found(DELIMITERS, answer.delimiter)),
      choose("Decimal sign", "decimal", DECIMALS, found(DECIMALS, answer.decimal)),
      choose("First row", "header", HEADERS, answer.header ? "names" : "data"),
      choose("Problem", "task", TASKS, found(TASKS, answer.suggested_task).toLowerCase()),
      choose("Missing inputs", "missing", GAPS, found(GAPS, answer.missing?.rule ?? "drop"))),
    h("p", { class: "data-note", text: `${found(TASKS, answer.task)}: ${answer.task_reason}.` }),
    messages(answer),
    columns(answer, wishes, wish),
    answer.sample && tablePlot(answer),
    preview(answer.preview),
  ];
}

const counted = (count, thing) => `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;

function facts({ rows, rows_used: used, columns: list, encoding, inputs, missing }) {
  const gaps = missing?.cells ? `${missing.cells.toLocaleString("en")} missing cells in ${missing.rows.toLocaleString("en")} rows: ${missing.dropped.toLocaleString("en")} rows left out, ${missing.filled.toLocaleString("en")} cells filled.` : missing ? "No cell is missing." : "";
  return `${counted(rows, "row")}, ${counted(list.length, "column")}, ${encoding}. ${used ? `${counted(used, "row")} with ${counted(inputs.length, "input")} will be used. ` : ""}${gaps}`;
}

function messages({ problems, warnings }) {
  return [
    problems.length > 0 && h("ul", { class: "data-problems", role: "alert" }, problems.map(({ message }) => h("li", { text: message }))),
    warnings.length > 0 && h("ul", { class: "data-warnings" }, warnings.map((text) => h("li", { text }))),
  ];
}

function columns(answer, wishes, wish) {
  const names = ["Column", "Type", "Role", "Missing", "Values"];
  const rows = answer.columns.slice(0, LISTED).map((column) => h("tr", {},
    h("th", { scope: "row", text: column.name }),
    h("td", {}, column.type === "empty" ? "empty" : select(TYPES, column.type, (type) => wish(typed(wishes, column, type)), `Type of ${column.name}`)),
    h("td", {}, select(ROLES, column.role, (role) => wish(cast(answer, wishes, column, role)), `Role of ${column.name}`)),
    h("td", { class: "data-number", text: column.missing ? column.missing.toLocaleString("en") : "–" }),
    h("td", { text: values(column) })));
  const rest = answer.columns.length - LISTED;
  return h("div", { class: "data-scroll", tabindex: 0, role: "region", "aria-label": "Columns" },
    h("table", { class: "data-table" }, h("thead", {}, h("tr", {}, names.map((text) => h("th", { scope: "col", text })))), h("tbody", {}, rows)),
    rest > 0 && h("p", { class: "data-note", text: `and ${rest} columns more` }));
}

function values({ type, categories, values: count, minimum, maximum }) {
  if (type === "number") return minimum === undefined ? "" : `${number(minimum)} to ${number(maximum)}`;
  if (!categories) return count ? `${count} different texts` : "many different texts";
  return categories.length > 6 ? `${categories.slice(0, 5).join(", ")} … (${count})` : categories.join(", ");
}

const without = (list, name) => (list ?? []).filter((each) => each !== name);

function typed(wishes, { name }, type) {
  const lists = { text: without(wishes.text, name), number: without(wishes.number, name) };
  return { ...lists, [type]: [...lists[type], name] };
}

/** A new target takes the place of the old one, except among labels. */
function cast(answer, wishes, { name }, role) {
  const several = answer.task === "multilabel";
  const others = without(answer.target, name);
  const ignore = role === "ignored" ? [...without(wishes.ignore, name), name] : without(wishes.ignore, name);
  if (role !== "target") return { ignore, target: answer.target.includes(name) ? others : wishes.target ?? [] };
  return { ignore, target: several ? [...others, name] : [name], task: several ? wishes.task ?? "auto" : "auto" };
}

function preview({ columns: names, rows }) {
  return h("details", { class: "data-preview" }, h("summary", { text: "The first rows" }),
    h("div", { class: "data-scroll", tabindex: 0, role: "region", "aria-label": "The first rows" },
      h("table", { class: "data-table" }, h("thead", {}, h("tr", {}, names.map((text) => h("th", { scope: "col", text })))),
        h("tbody", {}, rows.map((row) => h("tr", {}, row.map((text) => h("td", { text }))))))));
}

/** A select with [value, title] options. */
export function select(options, value, onChange, label = null) {
  const element = h("select", { class: "select", "aria-label": label, on: { change: () => onChange(element.value) } }, options.map(([each, title]) => h("option", { value: each, text: title })));
  element.value = value;
  return element;
}
