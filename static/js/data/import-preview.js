// The preview of an imported table: format, problem, columns, missing values and first rows, with controls to correct
// them.

import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { columnTable, select } from "./columns.js";
import { tablePlot } from "./plot.js";
import { problemText, taskReasonText, warningTexts } from "./sentences.js";

// The options of the import that are detected: [value of the query option, title].
const DELIMITERS = [
  [",", t("data.delimiter.comma")], [";", t("data.delimiter.semicolon")], ["\t", t("data.delimiter.tab")],
  ["|", t("data.delimiter.bar")], [" ", t("data.delimiter.space")],
];
const DECIMALS = [[".", t("data.decimal.point")], [",", t("data.decimal.comma")]];
const HEADERS = [["yes", t("data.header.names")], ["no", t("data.header.values")]];
const TASKS = ["regression", "binary", "multiclass", "multilabel"].map((task) => [task, t(`data.task.${task}`)]);
const MISSING = ["drop", "median", "mean"].map((rule) => [rule, t(`data.missing.${rule}`)]);

/** The preview as elements; `change(options)` imports the table again with other options. */
export function tablePreview(answer, options, change) {
  const choice = (label, key, titles, detected) => optionChoice(label, titles, options[key], detected,
    (value) => change({ [key]: value }));
  return [
    h("p", { class: "data-facts", text: facts(answer) }),
    h("div", { class: "data-choices" },
      choice(t("data.delimiter.title"), "delimiter", DELIMITERS, answer.delimiter),
      choice(t("data.decimal.title"), "decimal", DECIMALS, answer.decimal),
      choice(t("data.header.title"), "header", HEADERS, answer.header ? "yes" : "no"),
      choice(t("data.task.title"), "task", TASKS, answer.suggested_task),
      choice(t("data.missing.title"), "missing", MISSING, answer.missing?.rule ?? "drop")),
    h("p", { class: "data-note", text: reasonOf(answer) }),
    problemList(answer.problems), warningList(answer),
    columnTable(answer, options, change),
    answer.sample && tablePlot(answer),
    firstRows(answer.preview),
  ];
}

function reasonOf(answer) {
  const { task, suggested_task: suggested } = answer;
  const values = { task: titleOf(TASKS, task), reason: taskReasonText(answer), suggested: titleOf(TASKS, suggested) };
  return task === suggested ? t("data.task.reason", values) : t("data.task.chosen", values);
}

const titleOf = (titles, value) => titles.find(([name]) => name === value)?.[1] ?? value;

/** A choice whose first entry is the detected value. */
function optionChoice(label, titles, value = "auto", detected, change) {
  const automatic = ["auto", t("data.detected", { value: titleOf(titles, detected) })];
  const element = select([automatic, ...titles], value, change);
  return h("label", { class: "data-choice" }, h("span", { text: label }), element);
}

const rowCount = (count) => t("data.facts.rows", { count, rows: integer(count) });
const columnCount = (count) => t("data.facts.columns", { count, columns: integer(count) });
const inputCount = (count) => t("data.facts.inputs", { count, inputs: integer(count) });

/** The numbers of rows, columns and missing values. */
function facts({ rows, rows_used: used, columns, encoding, inputs, missing }) {
  const size = t("data.facts.size", { rows: rowCount(rows), columns: columnCount(columns.length), encoding });
  const usedText = used && t("data.facts.used", { rows: rowCount(used), inputs: inputCount(inputs.length) });
  return [size, usedText, missing && missingText(missing)].filter(Boolean).join(" ");
}

function missingText({ cells, rows, dropped, filled }) {
  if (!cells) return t("data.facts.none_missing");
  const [dropping, filling] = [integer(dropped), integer(filled)];
  return t("data.facts.missing", { cells: integer(cells), rows: integer(rows), dropped: dropping, filled: filling });
}

/** The problems that prevent the import. */
const problemList = (problems) => problems.length > 0
  && h("ul", { class: "data-problems", role: "alert" },
    problems.map((problem) => h("li", { text: problemText(problem) })));

export const warningList = (answer) => answer.warnings.length > 0
  && h("ul", { class: "data-warnings" }, warningTexts(answer).map((text) => h("li", { text })));

function firstRows({ columns, rows }) {
  const title = t("data.first_rows");
  const head = h("thead", {}, h("tr", {}, columns.map((text) => h("th", { scope: "col", text }))));
  const body = h("tbody", {}, rows.map((row) => h("tr", {}, row.map((text) => h("td", { text })))));
  return h("details", { class: "data-preview" }, h("summary", { text: title }),
    h("div", { class: "data-scroll", tabindex: 0, role: "region", "aria-label": title },
      h("table", { class: "data-table" }, head, body)));
}
