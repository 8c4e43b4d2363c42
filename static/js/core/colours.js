// Colour maps: purple-white-green for signed values, Okabe-Ito for classes.

const DIVERGING = [
  [0, [84, 28, 128]], [0.25, [156, 122, 196]], [0.5, [246, 244, 240]], [0.75, [140, 184, 80]], [1, [56, 100, 4]],
];

/** Class colours (Okabe-Ito), which have nothing in common with the signs. */
export const CLASSES = [
  [0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [86, 180, 233],
  [230, 159, 0], [148, 128, 12], [120, 120, 128], [136, 80, 44], [60, 60, 64],
];
export const NEUTRAL = [246, 244, 240];
/** The outline of points, and the marks in them. */
export const RIM = "rgb(16,20,34)";

export const classColour = (index) => CLASSES[((index % CLASSES.length) + CLASSES.length) % CLASSES.length];
export const css = ([r, g, b], alpha = 1) => (alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`);
/** The colour at `share` (0 to 1) of the line between two colours. */
export const mix = (start, end, share) => start.map((value, i) => Math.round(value + (end[i] - value) * share));

/** The colour at `t` of a colour map, given by [position, colour] in ascending order. */
export function ramp(stops, t) {
  const index = stops.findIndex(([position]) => position >= t);
  if (index <= 0) return index < 0 ? stops.at(-1)[1] : stops[0][1];
  const [[from, start], [to, end]] = [stops[index - 1], stops[index]];
  return mix(start, end, (t - from) / (to - from));
}

export const diverging = (t) => ramp(DIVERGING, Math.min(1, Math.max(0, t)));
/** From one class over the neutral colour at 0.5 to the other; null: no class, the neutral colour. */
const betweenClasses = ([low, high]) => (t) => {
  const index = t < 0.5 ? low : high;
  return index === null ? NEUTRAL : mix(NEUTRAL, classColour(index), Math.min(1, 2 * Math.abs(t - 0.5)));
};
/** The colour map of a scale (panels/shared/scales.js) as a function of 0 to 1. */
export const coloursOf = ({ classes }) => (classes ? betweenClasses(classes) : diverging);
/** A colour as the large map shows it: paler than the points on it. */
export const pale = (colour) => mix(NEUTRAL, colour, MAP_STRENGTH);
export const MAP_STRENGTH = 0.52;

/** Lookup table of `size` packed colours, evenly spaced over the colour map. */
export function table(colour, size = 256) {
  const packed = new Uint32Array(size);
  for (let i = 0; i < size; i++) packed[i] = pack(colour(i / (size - 1)));
  return packed;
}

/** A colour as one Uint32 of an ImageData buffer (ABGR, because machines are little-endian). */
export const pack = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

const tables = new Map();
/** The packed colours of a scale, lowest value first. */
export function tableOf(scale) {
  const key = String(scale.classes);
  if (!tables.has(key)) tables.set(key, table(coloursOf(scale), 1024));
  return tables.get(key);
}
export const BACKGROUND = pack(NEUTRAL);

/** Colour of a signed value on a scale: `centre - reach` is the purple end, `centre + reach` the green end. */
export function signed(value, { centre, reach }) {
  return diverging(0.5 + (0.5 * (value - centre)) / reach);
}

const THEME_COLOURS = [
  "text", "muted", "line", "edge", "panel", "ground", "strong", "faint", "accent", "warning", "bars", "score",
];

/** The colours of the current theme (CSS custom properties) for drawing on canvases. */
export function themeColours(element = document.documentElement) {
  const style = getComputedStyle(element);
  return Object.fromEntries(THEME_COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
