// Numbers as people read them: three significant digits, a dash where there is none, never "NaN".

export const DASH = "–";

/** Three significant digits; very small and very large ones in powers of ten. */
export function number(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return power(value, digits);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(digits)));
}

/** As `number`, but keeping trailing zeros, so that a running number keeps its width. */
export function steady(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-4)) return power(value, 2);
  return size >= 1000 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(digits);
}

function power(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

export function integer(value) {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : DASH;
}

/** Steps per second: short, because it stands in the top bar. */
export function rate(value) {
  if (!Number.isFinite(value)) return DASH;
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)}M`;
  if (value >= 1e4) return `${(value / 1e3).toPrecision(3)}k`;
  return value >= 10 ? integer(value) : number(value, 2);
}

export function percent(share) {
  if (!Number.isFinite(share)) return DASH;
  const value = share * 100;
  return value > 0 && value < 1 ? "<1%" : `${Math.round(value)}%`;
}

/** "x1^2" → "x₁²": feature names with the digits where mathematicians put them. */
export function feature(name) {
  return name.replace(/\^2/g, "²").replace(/\*/g, "·").replace(/x(\d)/g, (_, digit) => `x${"₀₁₂₃₄₅₆₇₈₉"[digit]}`);
}

/** "learning_rate" → "Learning rate". */
export function words(name) {
  const text = name.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
