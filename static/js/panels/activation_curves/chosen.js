// The chart of the selected activation: f and f′, the values of the run on f, and the place z that is read.

import { number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { canvasIn, chart, dot, line, rangeOf } from "../shared/chart.js";
import { liveValues } from "./live-values.js";

const LARGEST_DOT = 24; // CSS pixels, of a cell with all values
const TANGENT = 0.12; // of the range of z, to both sides

/** The curves of the selected activation: f and f′, or of one that mixes units those of its example; null without. */
export const curvesShown = ({ f, slope, example }) => (f ? { f, slope } : example);

/** The position in `z` (equal steps) that is nearest to a value. */
export const indexAt = (z, value) =>
  Math.round(Math.min(1, Math.max(0, (value - z[0]) / (z.at(-1) - z[0]))) * (z.length - 1));

/** The values of the run on f, as of `liveValues`; none of an activation that mixes units. */
export const liveOf = ({ z, activation, layers }) =>
  activation.f ? liveValues(layers, activation.name, z, activation.f) : { dots: [], outside: 0, layers: 0 };

/**
 * Draws the chart; `at` is the index of z that is read, `live` as of `liveOf`. Returns { canvas, toZ }: toZ(x) is the
 * z at a position in the canvas.
 */
export function drawChosen(box, { z, activation }, { colours, at, title, live }) {
  const { f, slope } = curvesShown(activation);
  const [low, high] = rangeOf([...f], [...slope]);
  const padding = (high - low) * 0.08;
  const canvas = canvasIn(box, "activation-chart");
  const axes = chart(canvas, {
    colours,
    x: { low: z[0], high: z.at(-1), name: "z" },
    y: { low: low - padding, high: high + padding, name: t("panel.activation_curves.curves") },
    label: description({ z, f, slope, at, live }, activation, title),
    marks: (context, toX, toY, area) => {
      line(context, z, slope, toX, toY, { colour: colours.accent, width: 2, dash: [6, 4] });
      line(context, z, f, toX, toY, { colour: colours.strong, width: 2.6 });
      drawLive(context, live.dots, toX, toY, colours);
      drawReading(context, { z, f, slope, at }, toX, toY, area, colours);
    },
  });
  const toZ = (x) => z[0] + ((x - (axes?.area.x ?? 0)) / (axes?.area.width || 1)) * (z.at(-1) - z[0]);
  return { canvas, toZ };
}

/** A dot on f for every cell; its area is the share of the values. */
function drawLive(context, dots, toX, toY, colours) {
  context.globalAlpha = 0.55;
  for (const { z, f, share } of dots)
    dot(context, toX(z), toY(f), Math.max(1.5, LARGEST_DOT * Math.sqrt(share)), colours.accent, colours.panel);
  context.globalAlpha = 1;
}

/** A line at z, dots on both curves, and the tangent of f, whose slope is f′. */
function drawReading(context, { z, f, slope, at }, toX, toY, area, colours) {
  const [x, reach] = [toX(z[at]), TANGENT * (z.at(-1) - z[0])];
  const thin = { colour: colours.muted, width: 1, dash: [2, 3] };
  line(context, [0, 1], [area.y, area.y + area.height], () => x, (value) => value, thin);
  const ends = [z[at] - reach, z[at] + reach];
  const heights = [f[at] - reach * slope[at], f[at] + reach * slope[at]];
  line(context, ends, heights, toX, toY, { colour: colours.muted, width: 1.4 });
  dot(context, x, toY(slope[at]), 4, colours.accent, colours.panel);
  dot(context, x, toY(f[at]), 4.5, colours.strong, colours.panel);
}

/** "f(1) = 0.762, f′(1) = 0.42". */
export const readingText = ({ z, f, slope, at }) => t("panel.activation_curves.reading", {
  z: number(z[at]), f: number(f[at], 4), slope: number(slope[at], 4),
});

/** "ELU, α = 1: f(0) = 0, f′(0) = 1", and how many layers have their values on the curve. */
function description(reading, { alpha }, title) {
  const name = alpha === null ? title : `${title}, α = ${number(alpha)}`;
  return [`${name}: ${readingText(reading)}`, liveText(reading.live)].filter(Boolean).join(". ");
}

/** What the dots are; "" where no layer has the activation. */
export function liveText({ layers, outside }) {
  if (!layers) return "";
  const dots = t("panel.activation_curves.live", { count: layers });
  return outside ? t("panel.activation_curves.outside", { dots, share: percent(outside) }) : dots;
}
