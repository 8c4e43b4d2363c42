// Results that are tables: the confusion of classes, what is found of each, and the points that are worst.

import { cividis, css } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { thumbnail } from "../shared/pixels.js";

const THUMBNAIL = 40;

/** The luminance above which dark letters stand out more than light ones. */
const inkOn = ([r, g, b]) => (0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2 > 0.178 ? "#000" : "#fff");

const rowsOf = (counts) => (counts.shape ? Array.from({ length: counts.shape[0] }, (_, i) => Array.from(counts.subarray(i * counts.shape[1], (i + 1) * counts.shape[1]))) : counts);

export function confusion(content, frame) {
  if (frame.confusion) return content.replaceChildren(matrix(frame.confusion.labels, frame.confusion, "said → true ↓"));
  content.replaceChildren(h("div", { class: "confusions" }, frame.confusion_labels.map((each) => matrix(["no", "yes"], each, each.label))));
}

/** How many are what and called what; those not called anything as undecided. */
export function confusionRows({ confusion: one, confusion_labels: several }) {
  return (one ? [one] : several ?? []).flatMap(({ label, labels = ["no", "yes"], counts, undecided }) => rowsOf(counts).flatMap((row, i) => {
    const known = { ...(label && { label }), true: labels[i] };
    const told = row.map((count, k) => ({ ...known, said: labels[k], count }));
    return undecided?.[i] ? [...told, { ...known, said: "undecided", count: undecided[i] }] : told;
  }));
}

/** The worst points with all they are told, a column per output; of several labels all in one cell. */
export const worstRows = ({ worst: points }) => points.map(({ outputs, target, prediction, pixels, ...point }) =>
  ({ ...point, target: [target].flat().join(" + "), prediction: [prediction].flat().join(" + "), ...Object.fromEntries(Array.from(outputs, (value, k) => [`output ${k}`, value])) }));

/** Shares of each row as colour, counts as numbers. */
function matrix(labels, { counts, undecided }, title) {
  const rows = rowsOf(counts);
  const lost = Array.isArray(undecided) || undecided?.length ? Array.from(undecided) : [];
  const line = (row, i) => {
    const all = row.reduce((sum, each) => sum + each, 0) || 1;
    return h("tr", {}, h("th", { scope: "row", text: labels[i] }), row.map((count) => {
      const colour = cividis(count / all);
      return h("td", { style: { background: css(colour), color: inkOn(colour) }, title: `${integer(count)} of ${integer(all)} that are ${labels[i]}`, text: integer(count) });
    }), lost[i] ? h("td", { text: `${integer(lost[i])} undecided` }) : null);
  };
  return h("table", { class: "confusion" }, h("caption", { text: title }), h("thead", {}, h("tr", {}, h("th"), labels.map((label) => h("th", { scope: "col", text: label })))), h("tbody", {}, rows.map(line)));
}

export function classes(content, frame) {
  const columns = ["precision", "recall", "f1", "support", "predicted"];
  const line = (each) => h("tr", {}, h("th", { scope: "row", text: each.label }), columns.map((name) => h("td", { title: each[name] ?? "none", text: name === "support" || name === "predicted" ? integer(each[name]) : number(each[name]) })));
  content.replaceChildren(h("table", { class: "numbers" }, h("thead", {}, h("tr", {}, h("th", { text: "Class" }), columns.map((name) => h("th", { scope: "col", text: name })))), h("tbody", {}, frame.per_class.map(line))));
}

/** Up to 20 points, the largest loss first, pictures as such; a click asks for the trace. */
export function worst(content, frame, { pick, image }) {
  const said = (value) => (value === null ? "–" : Array.isArray(value) ? value.join(" + ") || "none" : typeof value === "number" ? number(value) : value);
  const picture = (pixels, index) => image && h("td", {}, thumbnail(pixels, image, THUMBNAIL, `picture ${index}`));
  const line = ({ index, loss, target, prediction, outputs, pixels }) => h("tr", {}, picture(pixels, index), h("th", { scope: "row" }, h("button", { type: "button", class: "chip small", title: "Trace this point", text: `point ${index}`, on: { click: () => pick(index) } })),
    h("td", { text: number(loss) }), h("td", { text: said(target) }), h("td", { text: said(prediction) }), h("td", { text: Array.from(outputs).slice(0, 4).map((value) => number(value)).join(", ") }));
  const held = content.contains(document.activeElement) && document.activeElement.textContent;
  content.replaceChildren(h("table", { class: "numbers" }, h("thead", {}, h("tr", {}, [...(image ? ["Picture"] : []), "Point", "loss", "true", "said", "outputs"].map((name) => h("th", { scope: "col", text: name })))), h("tbody", {}, frame.worst.map(line))));
  if (held) [...content.querySelectorAll("button")].find((each) => each.textContent === held)?.focus();
}
