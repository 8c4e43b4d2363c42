// Results that are tables: the confusion matrix, metrics per class, and the points with the largest loss.

import { cividis } from "../../core/cividis.js";
import { css } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { integer, number, numbers } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { thumbnail } from "../shared/pixels.js";
import { textColour } from "../shared/text-colour.js";

const THUMBNAIL_SIZE = 40; // CSS pixels
const COLUMNS = ["precision", "recall", "f1", "support", "predicted"];
const COUNTS = ["support", "predicted"];
const MAX_ROOMY = 6; // classes of a confusion matrix with high rows
const MAX_OUTPUTS = 4; // in a row of the points with the largest loss

function rowsOf(counts) {
  if (!counts.shape) return counts;
  const [rows, columns] = counts.shape;
  return Array.from({ length: rows }, (_, i) => Array.from(counts.subarray(i * columns, (i + 1) * columns)));
}

/** A prediction or a target as text; several labels are joined. */
export function targetText(value) {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.join(" + ") || t("panel.shared.no_label");
  return typeof value === "number" ? number(value) : value;
}

const binaryLabels = () => [t("panel.results.confusion.no"), t("panel.results.confusion.yes")];

export function confusion(content, { confusion: overall, confusion_labels: perLabel }, { ordered }) {
  if (overall) {
    const { labels, counts, undecided } = overall;
    const sorted = { counts: ordered(rowsOf(counts)).map(ordered), undecided: undecided && ordered(undecided) };
    return content.replaceChildren(matrix(ordered(labels), sorted, t("panel.results.confusion.title")));
  }
  const matrices = perLabel.map((counts) => matrix(binaryLabels(), counts, counts.label));
  content.replaceChildren(h("div", { class: "confusions" }, matrices));
}

/** The confusion matrix as records; points without a prediction are "undecided". */
export function confusionRows({ confusion: overall, confusion_labels: perLabel }) {
  return (overall ? [overall] : perLabel ?? []).flatMap(({ label, labels = ["no", "yes"], counts, undecided }) =>
    rowsOf(counts).flatMap((row, i) => {
      const actual = { ...(label && { label }), true: labels[i] };
      const records = row.map((count, k) => ({ ...actual, predicted: labels[k], count }));
      return undecided?.[i] ? [...records, { ...actual, predicted: "undecided", count: undecided[i] }] : records;
    }),
  );
}

/** The points with the largest loss as records with one column per output; several labels share one cell. */
export function worstRows({ worst: points }) {
  return points.map(({ outputs, target, prediction, pixels, ...point }) => ({
    ...point,
    target: [target].flat().join(" + "),
    prediction: [prediction].flat().join(" + "),
    ...Object.fromEntries(Array.from(outputs, (value, k) => [`output ${k}`, value])),
  }));
}

/** A confusion matrix; each count is coloured by its fraction of the row. */
function matrix(labels, { counts, undecided }, title) {
  const withoutPrediction = Array.from(undecided ?? []);
  const body = rowsOf(counts).map((row, i) => matrixRow(row, labels[i], withoutPrediction[i]));
  const headings = labels.map((label) => h("th", { scope: "col", text: label }));
  const kind = labels.length > MAX_ROOMY ? "confusion many-classes" : "confusion";
  return h("table", { class: kind, style: { "--columns": labels.length } },
    h("caption", { text: title }), h("thead", {}, h("tr", {}, h("td"), headings)), h("tbody", {}, body));
}

function matrixRow(row, label, undecided) {
  const total = row.reduce((sum, count) => sum + count, 0) || 1;
  const cells = row.map((count) => {
    const colour = cividis(count / total);
    const title = t("panel.results.confusion.cell", { count: integer(count), total: integer(total), label });
    return h("td", { style: { background: css(colour), color: textColour(colour) }, title, text: integer(count) });
  });
  const text = undecided && t("panel.results.confusion.undecided", { count: integer(undecided) });
  return h("tr", {}, h("th", { scope: "row", text: label }), cells, undecided ? h("td", { text }) : null);
}

export function classes(content, { per_class: list }, { ordered }) {
  const cell = (row, name) => {
    const text = COUNTS.includes(name) ? integer(row[name]) : number(row[name]);
    return h("td", { title: row[name] ?? t("panel.results.undefined"), text });
  };
  const headings = COLUMNS.map((name) => h("th", { scope: "col", text: t(`panel.results.metric.${name}`) }));
  const body = ordered(list).map((row) =>
    h("tr", {}, h("th", { scope: "row", text: row.label }), COLUMNS.map((name) => cell(row, name))));
  const head = h("thead", {}, h("tr", {}, h("th", { text: t("panel.results.class") }), headings));
  content.replaceChildren(h("table", { class: "numbers" }, head, h("tbody", {}, body)));
}

/** The points with the largest loss, with thumbnails for images. A click opens the trace of a point. */
export function worst(content, { worst: points }, { trace, image }) {
  const headings = [
    ...(image ? [t("panel.results.image")] : []), t("panel.results.point"), t("panel.results.loss"),
    t("panel.results.actual"), t("panel.results.prediction"), t("panel.results.outputs"),
  ];
  const focused = content.contains(document.activeElement) && document.activeElement.textContent;
  const head = h("thead", {}, h("tr", {}, headings.map((text) => h("th", { scope: "col", text }))));
  const body = h("tbody", {}, points.map((point) => worstRow(point, trace, image)));
  content.replaceChildren(h("table", { class: "numbers" }, head, body));
  if (focused) [...content.querySelectorAll("button")].find((button) => button.textContent === focused)?.focus();
}

function worstRow({ index, loss, target, prediction, outputs, pixels }, trace, image) {
  const name = t("panel.results.point_index", { index });
  const picture = image && h("td", {}, thumbnail(pixels, image, THUMBNAIL_SIZE, name));
  const click = () => trace(index);
  const title = t("panel.results.trace_point");
  const button = h("button", { type: "button", class: "chip small", title, text: name, on: { click } });
  const values = numbers(Array.from(outputs).slice(0, MAX_OUTPUTS));
  const texts = [number(loss), targetText(target), targetText(prediction), values];
  return h("tr", {}, picture, h("th", { scope: "row" }, button), texts.map((text) => h("td", { text })));
}
