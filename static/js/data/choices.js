// The controls for how a file is read: each is an option of the import, and says what was detected.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { select } from "./columns.js";
import { reasonText } from "./sentences.js";

// The options that are lists: [value of the query option, title].
const LISTS = {
  delimiter: [
    [",", t("data.delimiter.comma")], [";", t("data.delimiter.semicolon")], ["\t", t("data.delimiter.tab")],
    ["|", t("data.delimiter.bar")], [" ", t("data.delimiter.space")],
  ],
  decimal: [[".", t("data.decimal.point")], [",", t("data.decimal.comma")]],
  thousands: [
    ["none", t("data.thousands.none")], [",", t("data.decimal.comma")], [".", t("data.decimal.point")],
    [" ", t("data.delimiter.space")], ["'", t("data.thousands.apostrophe")],
  ],
  header: [["yes", t("data.header.names")], ["no", t("data.header.values")]],
};
const RAGGED = ["refuse", "pad", "drop"].map((rule) => [rule, t(`data.ragged.${rule}`)]);
const FIELDS = { skip: { type: "number", min: 0, max: 1000 }, comment: { type: "text", maxlength: 3 } };
// What is detected as one of the values above, from the value in an answer.
const DETECTED = {
  thousands: (value) => value || "none",
  header: (value) => (value ? "yes" : "no"),
};

/** Controls for the options that an answer has; `change(options)` imports the file again with other options. */
export function readingChoices(answer, options, change) {
  const lists = Object.keys(LISTS).filter((key) => key in answer).map((key) =>
    optionChoice(t(`data.${key}.title`), LISTS[key], options[key],
      (DETECTED[key] ?? String)(answer[key]), (value) => change({ [key]: value }), answer.reasons?.[key]));
  return [
    answer.sheets && sheetChoice(answer, change), ...lists, raggedChoice(options, change),
    wordsChoice(answer, options, change),
    ...Object.entries(FIELDS).filter(([key]) => key in answer).map(([key, attributes]) =>
      field(key, attributes, answer, options, change)),
  ].filter(Boolean);
}

/** Controls for a file that could not be read at all: nothing was detected. */
export function choicesOfRefused(options, change) {
  const lists = Object.keys(LISTS).map((key) =>
    optionChoice(t(`data.${key}.title`), LISTS[key], options[key], null, (value) => change({ [key]: value })));
  const fields = Object.entries(FIELDS).map(([key, attributes]) => field(key, attributes, {}, options, change));
  return [...lists, raggedChoice(options, change), ...fields];
}

/** What happens to rows of another length than the header. */
const raggedChoice = ({ ragged = "refuse" }, change) =>
  labelled(t("data.ragged.title"), select(RAGGED, ragged, (value) => change({ ragged: value })));

/** A choice whose first entry is the detected value, for a reason. */
export function optionChoice(label, titles, value, detected, change, reason = null) {
  const title = titles.find(([name]) => name === detected)?.[1] ?? detected;
  const automatic = ["auto", title === null ? t("data.automatic") : t("data.detected", { value: title })];
  return labelled(label, select([automatic, ...titles], value ?? "auto", change), reason);
}

/** The sheet of a spreadsheet; the first with a table is taken. */
function sheetChoice({ sheet, sheets }, change) {
  const names = sheets.map((name) => [name, name]);
  return labelled(t("data.sheet.title"), select(names, sheet, (value) => change({ sheet: value })));
}

/** The words that mean missing in this file, beside the usual ones. */
function wordsChoice({ reasons }, { missing_words: words = [] }, change) {
  const input = h("input", { class: "text", value: words.join(", "), placeholder: t("data.missing_words.example") });
  const given = () => input.value.split(",").map((word) => word.trim()).filter(Boolean);
  input.addEventListener("change", () => change({ missing_words: given() }));
  return labelled(t("data.missing_words.title"), input, reasons?.missing_words);
}

function field(key, attributes, answer, options, change) {
  const input = h("input", { class: "text", value: options[key] ?? answer[key] ?? "", ...attributes });
  input.addEventListener("change", () => change({ [key]: input.value }));
  return labelled(t(`data.${key}.title`), input, answer.reasons?.[key]);
}

/** A control with its title, and below it why its value was detected. */
const labelled = (label, control, reason = null) => h("label", { class: "data-choice" },
  h("span", { text: label }), control, reasonText(reason));
