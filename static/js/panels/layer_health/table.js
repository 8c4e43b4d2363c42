// One row per layer: its current numbers, and a sparkline of each over time.

import { h, setAttribute, setProperty, setText } from "../../core/dom.js";
import { DASH, integer, number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { canDie } from "../../studio/units.js";
import { flatTexts } from "../shared/flat-values.js";
import { layerName } from "../shared/layer-names.js";

/** `text` (several, longest first) or `show` is the text.
 * `log` and `top` scale the sparkline; `plain` columns have none. `bar`: a bar compares the layers, logarithmically.
 * `applies(layer)`: whether the number is defined. */
const COLUMNS = [
  { key: "gradient_norm", show: number, log: true, bar: true },
  { key: "update_ratio", show: number, log: true },
  { key: "dead", show: percent, top: 1, applies: canDie },
  { key: "saturated", text: flatTexts, top: 1 },
  { key: "effective_rank", show: (value) => number(value, 2) },
  { key: "nonfinite_values", show: integer, plain: true },
];
const [WIDTH, HEIGHT] = [28, 16]; // of a sparkline
const BAR_DECADES = 6;
const SVG = "http://www.w3.org/2000/svg";

/**
 * `show(frame, entries, layerOfA)` fills the table, with the numbers of A below where `layerOfA(index)` returns a
 * layer; the rows are rebuilt when the number of layers changes.
 */
export function layerTable() {
  const body = h("tbody");
  const table = h("table", { class: "numbers" }, h("thead", {}, headings()), body);
  const attributes = { class: "table-scroller", tabindex: 0, role: "region" };
  const element = h("div", { ...attributes, "aria-label": t("panel.layer_health.table") }, table);
  let rows = [];
  return {
    element,
    show({ layers }, entries, layerOfA) {
      if (rows.length !== layers.length) {
        rows = layers.map(row);
        body.replaceChildren(...rows.map((item) => item.element));
      }
      // The columns of non-finite values and of dead units are hidden while there are none, or can be none.
      element.classList.toggle("all-finite", layers.every((layer) => !layer.nonfinite_values));
      element.classList.toggle("none-can-die", !layers.some(canDie));
      rows.forEach((item, index) => item.show(layers, entries, index, layerOfA?.(index)));
    },
  };
}

function headings() {
  const heading = ({ key }) => {
    const [title, text] = [t(`panel.layer_health.column.${key}.help`), t(`panel.layer_health.column.${key}.title`)];
    return h("th", { scope: "col", title, text });
  };
  return h("tr", {}, h("th", { scope: "col", text: t("panel.layer_health.column_layer") }), COLUMNS.map(heading));
}

function row() {
  const name = h("th", { scope: "row" });
  const cells = COLUMNS.map(cell);
  return {
    element: h("tr", {}, name, cells.map((item) => item.element)),
    show(layers, entries, index, layerOfA) {
      const [layer, text] = [layers[index], layerName(index, layers.length)];
      setText(name, layer.frozen ? t("panel.layer_health.frozen", { name: text }) : text);
      const { units: count, activation } = layer;
      setAttribute(name, "title", t("panel.layer_health.layer_size", { count, activation }));
      cells.forEach((item) => item.show(layers, entries, index, layerOfA));
    },
  };
}

function cell(column) {
  const { key } = column;
  const text = h("span", { "data-number": key });
  const line = sparkline();
  const ofA = h("small", { class: "number-of-a", hidden: true });
  const content = h("div", { class: "sparkline-cell" }, text, !column.plain && line);
  const element = h("td", { class: column.bar && "with-bar" }, content, ofA);
  return {
    element,
    show(layers, entries, index, layerOfA) {
      const [layer, isOutput] = [layers[index], index === layers.length - 1];
      if (column.bar) element.style.setProperty("--bar", barLength(layer[key], layers.map((each) => each[key])));
      const applies = column.applies?.(layer) ?? true;
      setText(text, valueText(layer, column, isOutput));
      setProperty(ofA, "hidden", !layerOfA);
      if (layerOfA) setText(ofA, t("reference.number", { value: valueText(layerOfA, column, isOutput) }));
      const exact = layer[key] ?? t("panel.layer_health.unknown");
      setAttribute(text, "title", applies ? exact : t("panel.layer_health.relu_only"));
      const values = entries.map((entry) => entry.layers[index]?.[key]);
      setAttribute(line.firstChild, "d", applies ? sparkPath(values, column) : "");
    },
  };
}

/** 1 for the largest of the values, 0 for one that is 10^BAR_DECADES times smaller. */
function barLength(value, values) {
  if (!(value > 0)) return 0;
  const largest = Math.max(...values.filter(Number.isFinite));
  return Math.max(0, 1 + Math.log10(value / largest) / BAR_DECADES).toFixed(3);
}

function valueText(layer, { key, show: format, text: textsOf, applies }, isOutput) {
  if (!(applies?.(layer) ?? true)) return DASH;
  return textsOf ? textsOf(layer, isOutput).at(-1) : format(layer[key]);
}

function sparkline() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  return svg;
}

/** An SVG path through the finite values, with gaps at the others; logarithmic with `log`, from 0 to `top` if given. */
function sparkPath(values, { log, top }) {
  const scaled = values.map((value) => {
    if (!Number.isFinite(value)) return null;
    return log ? Math.log10(Math.max(value, 1e-12)) : value;
  });
  const finite = scaled.filter((value) => value !== null);
  if (finite.length < 2) return "";
  const low = top ? 0 : Math.min(...finite);
  const span = (top ?? Math.max(...finite)) - low || 1;
  const toX = (i) => ((WIDTH * i) / (scaled.length - 1)).toFixed(1);
  const toY = (value) => (HEIGHT - 2 - ((HEIGHT - 4) * (value - low)) / span).toFixed(1);
  const point = (value, i) => {
    if (value === null) return "";
    const starts = i === 0 || scaled[i - 1] === null;
    return `${starts ? "M" : "L"}${toX(i)} ${toY(value)}`;
  };
  return scaled.map(point).join("");
}
