// The output, weighted sum and delta of a unit: for one point, and their means and ranges over the training points.

import { h, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { pointName } from "../shared/one-point.js";

/** `show(numbers)` fills the table with a frame of the view; it is empty, at its full height, without one. */
export function outputTable() {
  const columns = [t("panel.unit_numbers.column.output"), "z", t("panel.unit_numbers.column.delta")];
  const heading = (text) => h("th", { scope: "col", text });
  const rows = Array.from({ length: 3 }, () => {
    const [name, cells] = [h("th", { scope: "row", text: "\u00a0" }), columns.map(() => h("td", {}))];
    return { element: h("tr", {}, name, cells), name, cells };
  });
  const table = h("table", { class: "numbers" },
    h("thead", {}, h("tr", {}, h("td"), columns.map(heading))),
    h("tbody", { class: "not-filled" }, rows.map(({ element }) => element)));
  const show = (numbers) => {
    if (!numbers) return;
    linesOf(numbers).forEach(([text, ...values], i) => {
      setText(rows[i].name, text);
      values.forEach((value, k) => setText(rows[i].cells[k], value));
    });
    table.tBodies[0].classList.remove("not-filled");
  };
  return { element: h("div", { class: "unit-outputs" }, table), show };
}

/** The name of each row and its three values; the view has no range of z. */
function linesOf({ point, output, delta, samples: count }) {
  const range = ({ low, high }) => t("panel.unit_numbers.range", { low: number(low, 2), high: number(high, 2) });
  return [
    [pointName(point.part, point.index), number(point.a), number(point.z), number(point.delta)],
    [t("panel.unit_numbers.mean", { count, number: integer(count) }), number(output.mean), "", number(delta.mean)],
    [t("panel.unit_numbers.range_name"), range(output), "", range(delta)],
  ];
}
