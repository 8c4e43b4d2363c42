// The product of the weight matrices, W = W[L] ··· W[1], as a formula.

import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { column, inline, letter, matrix, mi, mo, mtext, row, transposed, under } from "../shared/formulas.js";

const MAX_LAYERS = 3; // matrices shown with numbers
const MAX_FACTORS = 6; // of longer products only the first and the last factor are shown
const MAX_SIDE = 8; // of a matrix

/**
 * The formula in parts that wrap, with the numbers of small matrices; only the result, after a note, if the network is
 * not linear.
 */
export function product({ layers, weights, bias, features, outputs, collapses }) {
  const count = layers.length;
  const symbols = Array.from({ length: count }, (_, i) => letter("W", count - 1 - i));
  const factors = count > MAX_FACTORS ? [symbols[0], mo("⋯"), symbols.at(-1)] : symbols;
  const note = collapses ? null : h("p", { class: "aside", text: t("panel.linear_collapse.not_linear") });
  const numbers = weights
    ? result(weights, bias, outputs.length, features.length)
    : [inline(mtext(` (${t("panel.linear_collapse.too_large")})`))];
  const name = inline(row(mi("W"), mo("="), ...factors));
  const parts = h("div", { class: "collapse-product" }, name, collapses && matrices(layers, symbols), numbers);
  return [note, parts].filter(Boolean);
}

/** The matrices of the layers, last layer first; none if they are too many or too large. */
function matrices(layers, symbols) {
  const fits = (layer) => layer.weights && layer.lecture_shape.every((side) => side <= MAX_SIDE);
  if (layers.length > MAX_LAYERS || !layers.every(fits)) return [];
  const named = (symbol, shape) => row(symbol.cloneNode(true), mtext(` ${shape.join("×")}`));
  const factor = ({ weights, lecture_shape: shape }, i) =>
    inline(mo(i ? "·" : "="), under(short(transposed(weights)), named(symbols[i], shape)));
  return layers.toReversed().map(factor);
}

function result(weights, bias, rows, columns) {
  const shape = (name, height, width) => row(mi(name), mtext(` ${height}×${width}`));
  return [
    inline(mo("="), under(short(transposed(weights)), shape("W", rows, columns))),
    inline(mi("b"), mo("="), under(short(column(bias)), shape("b", rows, 1))),
  ];
}

/** A matrix with three significant digits, so that eight columns fit beside the maps. */
const short = (rows) => matrix(rows.map((line) => line.map((value) => number(value).replaceAll("-", "−"))));
