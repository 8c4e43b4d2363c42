// The sentences about an imported file, composed from the codes of its problems, its warnings and its suggested task.

import { h } from "../core/dom.js";
import { integer, number } from "../core/formats.js";
import { t } from "../core/text.js";

/** A problem after its location in the file. */
export function problemText({ code, message, row, column, given, limit }) {
  const values = { given: shown(given), limit: shown(limit) };
  const problem = t(`data.problem.${code}`, values, "");
  if (!problem) return message;
  if (row === null) return column === null ? problem : t("data.location.column", { column, problem });
  const line = integer(row);
  return column === null
    ? t("data.location.row", { row: line, problem })
    : t("data.location.cell", { row: line, column, problem });
}

/** The warnings of an answer; older servers send no codes. */
export const warningTexts = ({ warnings, warning_codes: codes }) =>
  warnings.map((warning, i) => (codes?.[i] ? warningText(codes[i], warning) : warning));

const warningText = ({ code, parameters }, message) => t(`data.warning.${code}`, shownAll(parameters), message);

/** Why a task is suggested, without a full stop. */
export const taskReasonText = ({ task_reason: reason, task_reason_code: code, task_reason_parameters: parameters }) =>
  t(`data.task_reason.${code}`, shownAll(parameters ?? {}), reason);

/** Why something was detected, as a small text; nothing without a reason. */
export const reasonText = (reason) => reason && h("small", {
  class: "data-reason", text: t(`data.reason.${reason.code}`, shownAll(reason.parameters), reason.text),
});

/** Formatted values; `count` stays a number, as it chooses the plural form. */
const shownAll = (parameters) =>
  Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, key === "count" ? value : shown(value)]));

function shown(value) {
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (Number.isInteger(value)) return integer(value);
  return typeof value === "number" ? number(value) : value ?? "";
}
