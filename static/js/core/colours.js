// What colours mean: blue-white-orange for signed values, cividis for magnitudes, Okabe-Ito for classes.

const DIVERGING = [[0, [11, 84, 150]], [0.25, [86, 154, 210]], [0.5, [246, 244, 240]], [0.75, [246, 166, 84]], [1, [214, 92, 10]]];
const CIVIDIS = [
  [0, [0, 34, 78]], [0.125, [18, 53, 112]], [0.25, [59, 73, 108]], [0.375, [87, 93, 109]], [0.5, [112, 113, 115]],
  [0.625, [138, 134, 120]], [0.75, [165, 156, 116]], [0.875, [195, 179, 105]], [0.95, [225, 204, 85]], [1, [254, 232, 56]],
];

/** Class colours (Okabe-Ito, ordered so that class 0 and 1 are the two ends of the diverging map). */
export const CLASSES = [
  [0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [86, 180, 233], [230, 159, 0], [148, 128, 12], [120, 120, 128],
  [110, 70, 160], [60, 60, 64],
];
export const NEUTRAL = [246, 244, 240];

export const classColour = (index) => CLASSES[((index % CLASSES.length) + CLASSES.length) % CLASSES.length];
export const css = ([r, g, b], alpha = 1) => (alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`);
export const mix = (one, other, share) => one.map((part, i) => Math.round(part + (other[i] - part) * share));

function ramp(stops, t) {
  const last = stops.findIndex(([at]) => at >= t);
  if (last <= 0) return last < 0 ? stops.at(-1)[1] : stops[0][1];
  const [[from, one], [to, other]] = [stops[last - 1], stops[last]];
  return mix(one, other, (t - from) / (to - from));
}

export const diverging = (t) => ramp(DIVERGING, Math.min(1, Math.max(0, t)));
export const cividis = (t) => ramp(CIVIDIS, Math.min(1, Math.max(0, t)));

/** A table of `size` colours packed for an ImageData seen as Uint32 (little-endian machines: ABGR). */
export function table(colour, size = 256) {
  const packed = new Uint32Array(size);
  for (let i = 0; i < size; i++) packed[i] = pack(colour(i / (size - 1)));
  return packed;
}

export const pack = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

export const DIVERGING_TABLE = table(diverging, 1024);
export const BACKGROUND = pack(NEUTRAL);

/** Colour of a signed value within a scale {centre, reach}: `reach` above the centre is full orange. */
export function signed(value, { centre, reach }) {
  return diverging(0.5 + (0.5 * (value - centre)) / reach);
}

/** Names of the page's own colours (custom properties) as the canvas needs them, read once per theme. */
export function themeColours(element = document.documentElement) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    text: read("--text"), muted: read("--muted"), line: read("--line"), edge: read("--edge"), panel: read("--panel"), ground: read("--ground"),
    strong: read("--strong"), faint: read("--faint"), accent: read("--accent"), warning: read("--warning"), bars: read("--bars"),
  };
}
