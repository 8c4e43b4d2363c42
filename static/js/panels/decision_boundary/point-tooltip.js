// The tooltip of a data point on the output map. This module is loaded when the map is first read.

import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { showTooltip } from "../../core/tooltip.js";
import { pointAnswer } from "../../studio/point-answer.js";
import { classNames, taskOf } from "../shared/scales.js";

const MAX_INPUTS = 4;
const DELAY = 120; // ms over a point before its answer is requested

/** Shows the target and the inputs of `view.hoveredPoint`, its image if it has one, and the network's answer. */
export async function showPointTooltip(view, state, event) {
  const point = view.hoveredPoint;
  const at = { clientX: event.clientX, clientY: event.clientY };
  const show = (answer) => view.hoveredPoint === point && showText(view, state, at, answer);
  const isNew = view.readPoint !== point;
  view.readPoint = point;
  if (isNew) view.pointAnswer = null;
  show(view.pointAnswer);
  if (!isNew) return;
  await new Promise((resolve) => setTimeout(resolve, DELAY));
  if (view.hoveredPoint !== point) return;
  const frame = await pointAnswer(state, point);
  if (!frame || view.readPoint !== point) return;
  view.pointAnswer = answerText(frame);
  show(view.pointAnswer);
}

/** "Network: 0.93, first arm · loss 0.073 (step 300)". */
function answerText(frame) {
  const outputs = [frame.outputs[0]].flat();
  const [prediction] = frame.prediction;
  const value = number(Math.max(...outputs));
  const answer = typeof prediction === "string"
    ? t("panel.decision_boundary.answer_class", { value, name: prediction })
    : [prediction].flat().map((part) => (typeof part === "number" ? number(part) : part)).join(" + ");
  return t("panel.decision_boundary.point.answer", { answer, loss: number(frame.loss.value), step: frame.step });
}

async function showText(view, state, at, answer) {
  const point = view.hoveredPoint;
  const { inputs: names, image } = state.points;
  const input = (value, i) => `${feature(names?.[i] ?? `x${i + 1}`)} ${number(value)}`;
  const target = targetText(state, point.target);
  const title = t(`panel.decision_boundary.point.${point.part}`, { target });
  const lines = [title, point.inputs.slice(0, MAX_INPUTS).map(input).join(", "), answer];
  if (!image) return showTooltip(at, lines.filter(Boolean).join("\n"));
  const { showImageTooltip } = await import("../shared/pixels.js");
  if (view.hoveredPoint === point) showImageTooltip(at, point, { target, answer }, image);
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
