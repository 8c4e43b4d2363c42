// The weights of a small layer as a table: a row per input and one for the biases, a column per unit.

import { css, diverging } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { textColour } from "../shared/text-colour.js";
import { sourceName } from "./descriptions.js";

const [MAX_UNITS, MAX_ROWS] = [16, 65];

export const fitsTable = (rows) => rows[0].length <= MAX_UNITS && rows.length <= MAX_ROWS;

/** `rows` are the weights per input and the biases; `onCell(source, unit)` is called for the cell under the pointer. */
export function weightTable(rows, { layer, features, reach, label }, onCell) {
  const unitHeading = (_, unit) =>
    h("th", { scope: "col", text: t("panel.unit_numbers.source.unit", { index: unit + 1 }) });
  const head = h("tr", {}, h("td"), rows[0].map(unitHeading));
  const nameOf = (source) =>
    source === rows.length - 1 ? t("panel.unit_numbers.bias_name") : sourceName(layer, source, features);
  const body = rows.map((values, source) => h("tr", {},
    h("th", { scope: "row", text: nameOf(source) }),
    values.map((value, unit) => cell(value, reach, () => onCell(source, unit)))));
  const table = h("table", { class: "heat-map weight-table", "aria-label": label },
    h("thead", {}, head), h("tbody", {}, body));
  return h("div", { class: "weight-table-box", tabindex: 0, role: "group", "aria-label": label }, table);
}

function cell(value, reach, pointed) {
  const colour = diverging(0.5 + (0.5 * value) / reach);
  const style = { background: css(colour), color: textColour(colour) };
  return h("td", { style, text: number(value, 2), title: String(value), on: { pointerenter: pointed } });
}
