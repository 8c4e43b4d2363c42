// The tooltip of a data point on the output map. This module is loaded when the pointer is first over a point.

import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { showTooltip } from "../../core/tooltip.js";
import { classNames, taskOf } from "../shared/scales.js";

const MAX_INPUTS = 4;

/** Shows the target and the inputs of `view.hoveredPoint`, with its image if the inputs form one. */
export async function showPointTooltip(view, state, event) {
  const point = view.hoveredPoint;
  const { inputs: names, image } = state.points;
  const input = (value, i) => `${feature(names?.[i] ?? `x${i + 1}`)} ${number(value)}`;
  const target = targetText(state, point.target);
  const title = t(`panel.decision_boundary.point.${point.part}`, { target });
  showTooltip(event, `${title}\n${point.inputs.slice(0, MAX_INPUTS).map(input).join(", ")}`);
  if (!image) return;
  const { showImageTooltip } = await import("../shared/pixels.js");
  if (view.hoveredPoint === point) showImageTooltip(event, point, target, image);
}

function targetText(state, target) {
  const names = classNames(state);
  const values = [target].flat();
  if (values.length > 1) {
    const labels = values.map((on, i) => (on ? names?.[i] ?? i : null)).filter((name) => name !== null);
    return labels.join(" + ") || t("panel.shared.no_label");
  }
  if (taskOf(state) === "regression") return t("panel.decision_boundary.value", { value: number(values[0]) });
  return t("panel.decision_boundary.class", { name: names?.[values[0]] ?? values[0] });
}
