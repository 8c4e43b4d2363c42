// The preview of an imported table: format, problem, columns, missing values and first rows, with controls to correct
// them.

import { h } from "../core/dom.js";
import { integer, number } from "../core/formats.js";
import { t } from "../core/text.js";
import { optionChoice, readingChoices } from "./choices.js";
import { columnTable } from "./columns.js";
import { dateChoices } from "./dates.js";
import { tablePlot } from "./plot.js";
import { questionList } from "./questions.js";
import { problemText, taskReasonText, warningTexts } from "./sentences.js";
import { markedLine } from "./source-lines.js";

// The task and the rule for missing values: [value of the query option, title].
const TASKS = ["regression", "binary", "multiclass", "multilabel"].map((task) => [task, t(`data.task.${task}`)]);
const MISSING = ["drop", "median", "mean"].map((rule) => [rule, t(`data.missing.${rule}`)]);

/** The preview of a file as elements; `change(options)` imports it again with other options. What `keep` has of the
 * answer before stays as it is. */
export function tablePreview(answer, source, options, change, keep) {
  const { inputs, sample, task, classes, target, preview, problems } = answer;
  const choice = (label, key, titles, detected) => optionChoice(label, titles, options[key],
    detected, (value) => change({ [key]: value }), answer.reasons?.[key]);
  return [
    h("p", { class: "data-facts", text: facts(answer) }),
    questionList(answer, options, change),
    h("div", { class: "data-choices" },
      readingChoices(answer, options, change), dateChoices(answer, options, change),
      choice(t("data.task.title"), "task", TASKS, answer.suggested_task),
      choice(t("data.missing.title"), "missing", MISSING, answer.missing?.rule ?? "drop")),
    h("p", { class: "data-note", text: reasonOf(answer) }),
    problemList(problems, source), warningList(answer, sentinelButton(options, change)),
    columnTable(answer, options, change, keep),
    sample && keep("plot", [inputs, task, classes, target, sample], () => tablePlot(answer)),
    keep("first rows", [preview, problems], () => firstRows(preview, problems)),
  ];
}

function reasonOf(answer) {
  const { task, suggested_task: suggested } = answer;
  const values = { task: titleOf(TASKS, task), reason: taskReasonText(answer), suggested: titleOf(TASKS, suggested) };
  return task === suggested ? t("data.task.reason", values) : t("data.task.chosen", values);
}

const titleOf = (titles, value) => titles.find(([name]) => name === value)?.[1] ?? value;

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

/** The problems that prevent the import, each with the line of the file where it is. */
const problemList = (problems, source) => problems.length > 0
  && h("ul", { class: "data-problems", role: "alert" }, problems.map((problem) =>
    h("li", {}, problemText(problem), problem.row !== null && markedLine(source, problem))));

/** The warnings; `settle` gives a button for those that one click settles. */
export const warningList = (answer, settle = () => null) => answer.warnings.length > 0
  && h("ul", { class: "data-warnings" }, warningTexts(answer).map((text, i) =>
    h("li", {}, text, " ", settle(answer.warning_codes[i]))));

/** A button with which a suspected number means missing in its column. */
const sentinelButton = (options, change) => ({ code, parameters: { name, value } }) => code === "sentinel"
  && h("button", {
    type: "button", class: "button small", text: t("data.means_missing", { value: number(value) }),
    "aria-label": t("data.means_missing_label", { name, value: number(value) }),
    on: { click: () => change({ missing_words: [...(options.missing_words ?? []), `${name}=${value}`] }) },
  });

/** The first rows; cells that could not be read are marked. */
function firstRows({ columns, rows }, problems) {
  const title = t("data.first_rows");
  const isWrong = (text, i) =>
    problems.some(({ column, given }) => column === columns[i] && given === text.trim());
  const cell = (text, i) => h("td", {}, isWrong(text, i) ? h("mark", { text }) : text);
  const head = h("thead", {}, h("tr", {}, columns.map((text) => h("th", { scope: "col", text }))));
  const body = h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell))));
  return h("details", { class: "data-preview", open: rows.some((row) => row.some(isWrong)) },
    h("summary", { text: title }),
    h("div", { class: "data-scroll", tabindex: 0, role: "region", "aria-label": title },
      h("table", { class: "data-table" }, head, body)));
}
