// Numbers in the language of the page: three significant digits, more where they would round to 1; a dash for values
// that are not finite.

export const DASH = "–";

const language = document.documentElement.lang || "en";
const formatters = new Map();

/** A number in the language of the page; `options` of Intl.NumberFormat, the significant digits. */
const format = /^en\b/.test(language) ? (value, options) => english(value + 0, options) : localized; // + 0: not -0

/** As Intl.NumberFormat in English, of which the first takes more than 10 ms: a visit needs none. */
function english(value, { minimumSignificantDigits: least, maximumSignificantDigits: most }) {
  const text = most ? value.toPrecision(most) : String(value);
  const [whole, ...fraction] = (least && !text.includes("e") ? text : String(Number(text))).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

function localized(value, options) {
  const key = JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.NumberFormat(language, options));
  return formatters.get(key).format(value + 0); // without the sign of -0
}

/** The decimal sign and that of groups of digits, as `layout.separators` of Plotly; computed when it is drawn. */
export const separators = () => {
  const [, , group, , , , decimal] = format(12345.5, {});
  return decimal + group;
};

const rounded = (value) => format(Math.round(value), {});
const significant = (value, digits) => format(value, { maximumSignificantDigits: digits });
const MOST_DIGITS = 6; // of a number just below 1

/** The digits that tell a number just below 1 from 1: 4 for 0.9996; above MOST_DIGITS it is shown as "≈1". */
const digitsBelowOne = (size, digits) =>
  (size < 1 && digits > 2 ? Math.max(digits, Math.ceil(-Math.log10(1 - size))) : digits);

const nearlyOne = (value) => `≈${format(Math.sign(value), {})}`;

/** Three significant digits; very small and very large ones in powers of ten. */
export function number(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return power(value, digits);
  if (size >= 1000) return rounded(value);
  const needed = digitsBelowOne(size, digits);
  return needed > MOST_DIGITS ? nearlyOne(value) : significant(value, needed);
}

/** As `number`, with trailing zeros, so that a number that changes keeps its width. */
export function steady(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-4)) return power(value, 2);
  if (size >= 1000) return rounded(value);
  const needed = digitsBelowOne(size, digits);
  if (needed > MOST_DIGITS) return nearlyOne(value);
  return format(value, { minimumSignificantDigits: needed, maximumSignificantDigits: needed });
}

/** Numbers beside each other, separated by a semicolon where the comma is the decimal sign. */
export const numbers = (values) =>
  Array.from(values, (value) => number(value)).join(separators().startsWith(",") ? "; " : ", ");

/** A number in powers of ten. */
export function power(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${significant(Number(mantissa), digits)}e${Number(exponent)}`;
}

export function integer(value) {
  return Number.isFinite(value) ? rounded(value) : DASH;
}

/** Steps per second in few characters, for the top bar. */
export function rate(value) {
  if (!Number.isFinite(value)) return DASH;
  if (value >= 1e6) return `${steady(value / 1e6)}M`;
  if (value >= 1e4) return `${steady(value / 1e3)}k`;
  return value >= 10 ? integer(value) : number(value, 2);
}

/** A share as a whole percentage; "0%" and "100%" only of 0 and 1. */
export function percent(share) {
  if (!Number.isFinite(share)) return DASH;
  const value = share * 100;
  return value > 0 && value < 1 ? "<1%" : value > 99 && value < 100 ? ">99%" : `${Math.round(value)}%`;
}

/** A percentage with three digits, without its sign; "100" only of 100. */
export function percentage(value) {
  const text = number(value);
  return text === "100" && value < 100 ? `>${number(99.9)}` : text;
}

/** "x1^2" → "x₁²": a feature name with its indices and exponents. */
export function feature(name) {
  return name
    .replace(/\^2/g, "²")
    .replace(/\*/g, "·")
    .replace(/x(\d)/g, (_, digit) => `x${"₀₁₂₃₄₅₆₇₈₉"[digit]}`);
}

/** "learning_rate" → "Learning rate". */
export function words(name) {
  const text = name.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
