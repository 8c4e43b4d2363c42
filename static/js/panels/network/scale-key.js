// The key below the graph: the colour scales of the weights and of the units' maps.

import { h, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { GRADIENT } from "../shared/legend.js";

/** `show(edges, reaches)`: the scale of the weights, and the largest |value| of each hidden layer's maps. */
export function scaleKey() {
  const [weightLow, weightHigh] = [h("span", { class: "weight-low" }), h("span", { class: "weight-high" })];
  const [unitLow, unitHigh] = [h("span", { class: "unit-low" }), h("span", { class: "unit-high" })];
  const omitted = h("span", { class: "omitted-edges" });
  const ramp = (name, style = {}) => h("i", { class: name, "aria-hidden": "true", style });
  const unitRamp = ramp("unit-ramp", { background: GRADIENT });
  const element = h("div", { class: "weight-key" });
  element.append(weightLow, ramp("weight-ramp"), weightHigh, unitLow, unitRamp, unitHigh, omitted);
  const show = (edges, reaches) => {
    const weight = edges.scale ? number(edges.scale, 2) : "";
    setText(weightLow, weight ? t("panel.network.key.weight", { value: `−${weight}` }) : "");
    setText(weightHigh, weight ? `+${weight}` : "");
    element.classList.toggle("no-units", !reaches.length);
    showUnitScale(unitLow, unitHigh, reaches);
    const text = t("panel.network.key.omitted", { number: integer(edges.omitted) });
    setText(omitted, edges.omitted ? text : "");
  };
  return { element, show };
}

function showUnitScale(low, high, reaches) {
  const [smallest, largest] = [Math.min(...reaches), Math.max(...reaches)].map((reach) => number(reach, 2));
  setText(low, t("panel.network.key.unit", { value: `−${smallest}` }));
  const range = { low: `+${smallest}`, high: `±${largest}` };
  setText(high, smallest === largest ? range.low : t("panel.network.key.unit_range", range));
}
