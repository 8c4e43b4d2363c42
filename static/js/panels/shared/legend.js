// The legend below the output map: the colour scale or one swatch per class, and the marks of the points.

import { classColour, css, diverging } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { focusUnit } from "../../studio/units.js";
import { classNames, taskOf } from "./scales.js";

const STOPS = Array.from({ length: 17 }, (_, i) => css(diverging(i / 16)));

/** The diverging colour scale as a CSS gradient, negative on the left. */
export const GRADIENT = `linear-gradient(90deg, ${STOPS.join(", ")})`;

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
  return JSON.stringify([kind, range, outputs, classNames(state), task, state.showTest, state.residuals, unit]);
}

function scaleLegend(plot, state, task) {
  const names = classNames(state);
  if (plot.kind === "classes") return swatches(plot.outputs, names);
  if (plot.kind === "curve") return curveLegend(state.residuals && task === "regression" && !focusUnit(state));
  if (plot.kind === "probability" || (plot.kind === "all_outputs" && !plot.scale)) {
    return probabilityBar(state.displayModule.RAMP);
  }
  return valueBar(plot.scale, task === "binary" && !focusUnit(state) && names?.length === 2 ? names : [null, null]);
}

/** A colour bar with the three labels of its scale. */
const colourBar = (background, labels) =>
  h(
    "div",
    { class: "colour-bar" },
    h("div", { class: "colour-ramp", style: { background } }),
    h("div", { class: "colour-marks" }, labels.map((text) => h("span", { text }))),
  );

function valueBar({ centre, reach }, [lowName, highName]) {
  const label = (value, name) => (name ? `${number(value)} ${name}` : number(value));
  return colourBar(GRADIENT, [label(centre - reach, lowName), number(centre), label(centre + reach, highName)]);
}

const probabilityBar = (ramp) => colourBar(ramp, ["0", t("panel.shared.legend.probability"), "1"]);

function swatches(count, names) {
  const entry = (_, i) =>
    h("li", {}, h("i", { class: "swatch", style: { background: css(classColour(i)) } }), names?.[i] ?? String(i));
  return h("ul", { class: "swatches" }, Array.from({ length: count }, entry));
}

const entry = (symbol, text) => h("span", {}, h("i", { class: symbol }), text);

const curveLegend = (residuals) =>
  h(
    "div",
    { class: "swatches" },
    entry("stroke-key", t("panel.shared.legend.network")),
    residuals && entry("residual-key", t("panel.shared.legend.residual")),
  );

function pointLegend({ kind }, { showTest }, task) {
  if (kind === "all_outputs") return "";
  const control = task === "control";
  return h(
    "div",
    { class: "point-key" },
    entry("dot solid", control ? t("panel.shared.legend.visited_states") : t("panel.shared.part.train")),
    !control && showTest && entry("dot hollow", t("panel.shared.part.test")),
  );
}
