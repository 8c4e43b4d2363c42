// Formulas as native MathML, in the lecture's notation: layers in square brackets, samples as columns, counting from 1.

import { number } from "../../core/formats.js";

const SPACE = "http://www.w3.org/1998/Math/MathML";
const MOST_ROWS = 12;
const MOST_COLUMNS = 8;

function element(tag, attributes, children) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const make = (tag) => (...children) => element(tag, {}, children);
export const [mi, mo, row, sub, sup, subsup, frac, under] = ["mi", "mo", "mrow", "msub", "msup", "msubsup", "mfrac", "munder"].map(make);
/** Words within a formula; ordinary spaces at their ends would be lost. */
export const mtext = (text) => element("mtext", {}, [text.replace(/ /g, "\u00a0")]);
/** Four digits, so that one can follow by hand. */
export const digits = (value) => number(value, 4).replaceAll("-", "−");
/** Negative numbers within a product stand in brackets. */
export const factorNumber = (value) => (value < 0 ? row(mo("("), mn(value), mo(")")) : mn(value));
export const mn = (value) => element("mn", {}, [typeof value === "number" ? digits(value) : String(value ?? "–")]);
export const block = (...children) => element("math", { display: "block" }, children);
export const inline = (...children) => element("math", {}, children);

/** A letter of a layer: z with [2] above; `layer` counts from 0 and is written from 1; -1 are the inputs. */
export function letter(name, layer, index = null) {
  const base = mi(name);
  const above = layer === null || layer === undefined ? null : mtext(`[${layer + 1}]`);
  const below = index === null || index === undefined ? null : mi(index);
  if (above && below) return subsup(base, below, above);
  return above ? sup(base, above) : below ? sub(base, below) : base;
}

/** What a layer takes in: the inputs x, or the outputs of the layer before. */
export const intake = (layer) => (layer === 0 ? mi("x") : letter("a", layer - 1));

/** A symbol of the answer {letter, layer, unit, source}. */
export function symbol({ letter: name, layer, unit, source }) {
  const index = source !== null && source !== undefined ? `${unit + 1}${unit > 8 || source > 8 ? "," : ""}${source + 1}` : unit === null || unit === undefined ? null : String(unit + 1);
  return letter(name, layer, index);
}

export const derivative = (numerator, denominator) => frac(row(mo("∂"), symbol(numerator)), row(mo("∂"), symbol(denominator)));

/** Rows of numbers in brackets; what is too much is left out where the dots are. */
export function matrix(rows) {
  const height = rows.length;
  const shown = height > MOST_ROWS ? rows.slice(0, MOST_ROWS - 1) : rows;
  const lines = shown.map((line) => element("mtr", {}, clip(line).map((value) => element("mtd", {}, [value === null ? mo("⋯") : mn(value)]))));
  if (shown.length < height) lines.push(element("mtr", {}, [element("mtd", {}, [mo("⋮")])]));
  return element("mtable", { class: "matrix" }, lines);
}

const clip = (line) => (line.length > MOST_COLUMNS ? [...line.slice(0, MOST_COLUMNS - 1), null] : line);

/** A matrix with its name and shape written under it. */
export const named = (rows, name, shape) => under(matrix(rows), row(name, mtext(` ${shape[0]}×${shape[1]}`)));

/** Rows of an array of the answer, typed or plain. */
export function rowsOf(array) {
  if (!array) return [];
  if (!array.shape) return array;
  const [rows, columns = 1] = array.shape;
  return Array.from({ length: rows }, (_, i) => Array.from(array.subarray(i * columns, (i + 1) * columns)));
}

/** As the lecture stacks them: samples side by side. */
export function transposed(array) {
  const rows = rowsOf(array);
  return rows.length ? rows[0].map((_, i) => rows.map((line) => line[i])) : [];
}

export const column = (values) => Array.from(values, (value) => [value]);
