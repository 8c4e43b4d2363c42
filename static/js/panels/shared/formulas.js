// Formulas as native MathML: layers in square brackets, samples as columns, indices from 1.

import { number } from "../../core/formats.js";

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const MAX_ROWS = 12;
const MAX_COLUMNS = 8;

function element(tag, attributes, children) {
  const node = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

const TAGS = ["mi", "mo", "mrow", "msub", "msup", "msubsup", "mfrac", "munder", "mover", "msqrt"];

export const [mi, mo, row, sub, sup, subsup, frac, under, over, root] = TAGS.map(
  (tag) =>
    (...children) =>
      element(tag, {}, children),
);
/** Text within a formula; spaces become no-break spaces, because MathML drops them at the ends. */
export const mtext = (text) => element("mtext", {}, [text.replace(/ /g, "\u00a0")]);
/** A number with four significant digits. */
export const digits = (value) => number(value, 4).replaceAll("-", "−");
/** A factor of a product: negative numbers in parentheses. */
export const factorNumber = (value) => (value < 0 ? row(mo("("), mn(value), mo(")")) : mn(value));
export const mn = (value) =>
  element("mn", {}, [typeof value === "number" ? digits(value) : String(value ?? "–")]);
export const block = (...children) => element("math", { display: "block" }, children);
export const inline = (...children) => element("math", {}, children);

/** A letter with its layer in brackets as superscript; `layer` counts from 0 (written from 1), -1 is the input. */
export function letter(name, layer, index = null) {
  const base = mi(name);
  const superscript = layer === null || layer === undefined ? null : mtext(`[${layer + 1}]`);
  const subscript = index === null || index === undefined ? null : mi(index);
  if (superscript && subscript) return subsup(base, subscript, superscript);
  return superscript ? sup(base, superscript) : subscript ? sub(base, subscript) : base;
}

/** The input of a layer: x, or the activations of the layer before. */
export const layerInput = (layer) => (layer === 0 ? mi("x") : letter("a", layer - 1));

/**
 * A symbol of the view, {letter, layer, unit, source}. A weight has the index of its unit first, as its row in W;
 * with `inputFirst` that of its input.
 */
export function symbol({ letter: name, layer, unit, source }, inputFirst = false) {
  if (unit === null || unit === undefined) return letter(name, layer);
  if (source === null || source === undefined) return letter(name, layer, String(unit + 1));
  const comma = unit > 8 || source > 8 ? "," : ""; // W₁₂, but W₁₀,₂
  const indices = inputFirst ? [source + 1, unit + 1] : [unit + 1, source + 1];
  return letter(name, layer, indices.join(comma));
}

export const derivative = (numerator, denominator, inputFirst = false) =>
  frac(row(mo("∂"), symbol(numerator, inputFirst)), row(mo("∂"), symbol(denominator, inputFirst)));

/** A matrix in brackets; rows and columns above the maximum are replaced by dots. */
export function matrix(rows) {
  const height = rows.length;
  const visible = height > MAX_ROWS ? rows.slice(0, MAX_ROWS - 1) : rows;
  const cell = (value) => element("mtd", {}, [value === null ? mo("⋯") : mn(value)]);
  const lines = visible.map((line) => element("mtr", {}, truncatedRow(line).map(cell)));
  if (visible.length < height) lines.push(element("mtr", {}, [element("mtd", {}, [mo("⋮")])]));
  return element("mtable", { class: "matrix" }, lines);
}

const truncatedRow = (line) => (line.length > MAX_COLUMNS ? [...line.slice(0, MAX_COLUMNS - 1), null] : line);

/** A matrix with its name and shape written under it. */
export const namedMatrix = (rows, name, shape) => under(matrix(rows), row(name, mtext(` ${shape[0]}×${shape[1]}`)));

/** The rows of a two-dimensional array, typed (with a shape) or plain. */
export function rowsOf(array) {
  if (!array) return [];
  if (!array.shape) return array;
  const [rows, columns = 1] = array.shape;
  return Array.from({ length: rows }, (_, i) => Array.from(array.subarray(i * columns, (i + 1) * columns)));
}

/** The transposed array: samples as columns. */
export function transposed(array) {
  const rows = rowsOf(array);
  return rows.length ? rows[0].map((_, i) => rows.map((line) => line[i])) : [];
}

export const column = (values) => Array.from(values, (value) => [value]);
