// The legend below the output map: the colour scale or one swatch per class, and the marks of the points.

import { NEUTRAL, coloursOf, css, diverging, pale } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { focusUnit } from "../../studio/units.js";
import { classNames, inDisplayOrder, taskOf } from "./scales.js";
import { glyph } from "./shapes.js";

/** A colour map as a CSS gradient, its lowest value on the left. */
const gradient = (colour) =>
  `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, i) => css(colour(i / 16))).join(", ")})`;

/** The colours of negative and positive values. */
export const GRADIENT = gradient(diverging);

/** Fills `element` with the legend of `plot` (the result of plotData()), if it changed. */
export function legend(element, plot, state) {
  const task = taskOf(state);
  const key = legendKey(plot, state, task);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(scaleLegend(plot, state, task), pointLegend(plot, state, task));
}

function legendKey({ kind, scale, outputs }, state, task) {
  const range = scale && [number(scale.centre), number(scale.reach)];
  const unit = Boolean(focusUnit(state));
  const { residuals, displayModule } = state;
  return JSON.stringify([
    kind, range, outputs, classNames(state), task, shownParts(state, task), residuals, unit, Boolean(displayModule),
  ]);
}

function scaleLegend(plot, state, task) {
  const names = classNames(state);
  if (plot.kind === "classes") return swatches(plot.outputs, names);
  if (plot.kind === "curve") {
    return state.displayModule?.curveLegend(state.residuals && task === "regression" && !focusUnit(state)) ?? "";
  }
  if (plot.kind === "probability" || (plot.kind === "all_outputs" && !plot.scale)) {
    return state.displayModule.probabilityLegend();
  }
  const isReversed = plot.scale.classes?.[0] === 0 && inDisplayOrder(state, [0, 1])[0] === 1;
  return valueBar(plot.scale, task === "multilabel" ? null : names, isReversed);
}

/** A colour bar with the three labels of its scale. */
export const colourBar = (background, labels) =>
  h(
    "div",
    { class: "colour-bar" },
    h("div", { class: "colour-ramp", style: { background } }),
    h("div", { class: "colour-marks" }, labels.map((label) => h("span", {}, label))),
  );

function valueBar(scale, names, isReversed) {
  const { centre, reach, classes } = scale;
  const low = classes?.[0] === null ? centre : centre - reach;
  const label = (value, end) => {
    const index = classes?.[end] ?? null;
    const name = index === null ? null : names?.[index];
    const text = name ? t("panel.shared.legend.class", { name, value: number(value) }) : number(value);
    return [index !== null && glyph(index), text];
  };
  const colour = (share) => coloursOf(scale)((low - centre + share * (centre + reach - low)) / (2 * reach) + 0.5);
  const middle = (low + centre + reach) / 2;
  const marks = [label(low, 0), number(middle), label(centre + reach, 1)];
  const ramp = gradient((share) => pale(colour(isReversed ? 1 - share : share)));
  return colourBar(ramp, isReversed ? marks.reverse() : marks);
}

function swatches(count, names) {
  const entry = (_, i) => h("li", {}, glyph(i), names?.[i] ?? String(i));
  return h("ul", { class: "swatches" }, Array.from({ length: count }, entry));
}

/** The parts of the data whose points are shown. */
const shownParts = ({ points, showTest }, task) =>
  ["train", ...(showTest && task !== "control" ? ["validation", "test"] : [])]
    .filter((part) => part === "train" || points?.[part]?.inputs.length);

function pointLegend({ kind }, state, task) {
  if (kind === "all_outputs") return "";
  const isControl = task === "control";
  const text = (part) => (isControl ? t("panel.shared.legend.visited_states") : t(`panel.shared.part.${part}`));
  return h("div", { class: "point-key" },
    shownParts(state, task).map((part) => h("span", {}, glyph(0, part, css(NEUTRAL)), text(part))));
}
