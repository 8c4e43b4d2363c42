// One row per layer: its numbers now, and small lines of how they came to be.

import { h, setAttribute, setText } from "../../core/dom.js";
import { DASH, integer, number, percent } from "../../core/formats.js";
import { canDie } from "../../studio/units.js";

const COLUMNS = [
  { key: "gradient_norm", title: "Gradient", help: "Length of the gradient of the loss with respect to this layer's weights and biases", show: number, log: true },
  { key: "update_ratio", title: "Step ÷ w", help: "Length of one step divided by the length of the weights; about 0.001 is usual", show: number, log: true },
  { key: "dead", title: "Dead", help: "ReLU units that give nothing positive for any point, and pass no gradient that could change it", show: percent, top: 1, applies: canDie },
  { key: "saturated", title: "Saturated", help: "Values where the activation is flat: |f′| below 0.05", show: percent, top: 1 },
  { key: "effective_rank", title: "Rank", help: "Effective number of independent directions in the layer's outputs", show: (value) => number(value, 2) },
  { key: "nonfinite_values", title: "Non-finite", help: "Values of this layer that are no finite numbers", show: integer, plain: true },
];
const [WIDE, TALL] = [22, 16];

/** `show(frame, entries)` fills the table; rows are made once per network. */
export function layerTable() {
  const body = h("tbody");
  const head = h("tr", {}, h("th", { scope: "col", text: "Layer" }), COLUMNS.map(({ title, help }) => h("th", { scope: "col", title: help, text: title })));
  const element = h("div", { class: "table-scroller", tabindex: 0, role: "region", "aria-label": "Layers in numbers" }, h("table", { class: "numbers" }, h("thead", {}, head), body));
  let rows = [];
  return {
    element,
    show({ layers }, entries) {
      if (rows.length !== layers.length) {
        rows = layers.map(row);
        body.replaceChildren(...rows.map((each) => each.element));
      }
      element.classList.toggle("all-finite", layers.every(({ nonfinite_values: count }) => !count)); // then that column would say nothing
      rows.forEach((each, index) => each.show(layers[index], entries, index));
    },
  };
}

function row() {
  const name = h("th", { scope: "row" });
  const cells = COLUMNS.map(cell);
  return {
    element: h("tr", {}, name, cells.map((each) => each.element)),
    show(layer, entries, index) {
      setText(name, `${layer.name}${layer.frozen ? " (frozen)" : ""}`);
      setAttribute(name, "title", `${layer.units} units, ${layer.activation}${layer.nonfinite ? `; ${percent(layer.nonfinite)} of its values are no numbers` : ""}`);
      cells.forEach((each) => each.show(layer, entries, index));
    },
  };
}

function cell(column) {
  const text = h("span", { "data-number": column.key });
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  line.setAttribute("class", "spark");
  line.setAttribute("viewBox", `0 0 ${WIDE} ${TALL}`);
  line.setAttribute("aria-hidden", "true");
  line.append(document.createElementNS(line.namespaceURI, "path"));
  return {
    element: h("td", {}, h("div", { class: "spark-cell" }, text, !column.plain && line)),
    show(layer, entries, index) {
      const applies = column.applies?.(layer) ?? true;
      setText(text, applies ? column.show(layer[column.key]) : DASH);
      setAttribute(text, "title", applies ? layer[column.key] ?? "not known" : "only a ReLU passes no gradient where it gives nothing");
      setAttribute(line.firstChild, "d", applies ? spark(entries.map((entry) => entry.layers[index]?.[column.key]), column) : "");
    },
  };
}

/** A polyline through the values that are numbers, logarithmic where sizes span decades. */
export function spark(values, { log, top }) {
  const held = values.map((value) => (Number.isFinite(value) ? (log ? Math.log10(Math.max(value, 1e-12)) : value) : null));
  const known = held.filter((value) => value !== null);
  if (known.length < 2) return "";
  const low = top ? 0 : Math.min(...known);
  const span = (top ?? Math.max(...known)) - low || 1;
  let pen = "M";
  return held.map((value, i) => {
    if (value === null) {
      pen = "M";
      return "";
    }
    const point = `${pen}${((WIDE * i) / (held.length - 1)).toFixed(1)} ${(TALL - 2 - ((TALL - 4) * (value - low)) / span).toFixed(1)}`;
    pen = "L";
    return point;
  }).join("");
}
