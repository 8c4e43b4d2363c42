// The curves of the recorded history: their names, and the points of the selected one.

import { metricNames, thin } from "../../core/history.js";
import { t } from "../../core/text.js";
import { sourceOf } from "../../studio/problem.js";

const PARTS = ["train", "validation", "test"];

/** The names of the loss, if the task has one, and of all metrics; before the first point those of the catalogue. */
export function curveNames({ history, catalogue, run }) {
  const { scores, judged } = sourceOf(catalogue, run?.config) ?? {};
  const measured = metricNames(history);
  if (!scores) return ["loss", ...measured];
  return [...new Set([judged, ...(measured.length ? measured : scores.map(({ name }) => name))])];
}

const OF_POSITIVE = ["precision", "recall", "f1"]; // of two classes they count one, which their titles name

/** The title of a curve in the catalogue, which does not list the loss. */
export function curveTitle({ catalogue, run }, name) {
  const { scores = [], positive } = sourceOf(catalogue, run?.config) ?? {};
  const entries = [...scores, ...(catalogue?.metrics ?? [])];
  const title = entries.find((entry) => entry.name === name)?.title ?? t("panel.curves.loss");
  return positive && OF_POSITIVE.includes(name) ? t("panel.curves.of_class", { title, name: positive }) : title;
}

/** The selected curve, or the first one. */
export function selectedCurve(state) {
  const names = curveNames(state);
  return names.includes(state.curveTab) ? state.curveTab : names[0];
}

/** The curves to draw, one per measured part, as {part, title, x, y}, thinned to the resolution of a screen. */
export function curvesOf(state) {
  const { columns, metrics } = state.history;
  const name = selectedCurve(state);
  const title = curveTitle(state, name);
  if (metrics[`${name}_mean`]) return [{ title, ...episodeCurve(metrics, name, columns.step) }];
  return PARTS.flatMap((part) => {
    const y = name === "loss" ? columns[`${part}_loss`] : metrics[`${part}_${name}`];
    if (!y?.some((value) => value !== null)) return [];
    const indices = thin(y);
    return [{ part, title, x: indices.map((i) => columns.step[i]), y: indices.map((i) => y[i]) }];
  });
}

/** The mean over the episodes of each step, with the range from the 10th to the 90th percentile. */
function episodeCurve(metrics, name, step) {
  const indices = thin(metrics[`${name}_mean`]);
  const values = (statistic) => indices.map((i) => metrics[`${name}_${statistic}`][i]);
  return { part: "mean", x: indices.map((i) => step[i]), y: values("mean"), low: values("p10"), high: values("p90") };
}

/** The step at which the run diverged in the shown attempt, or null. */
export const divergedAt = ({ run, presentHistory }) =>
  (run?.status === "diverged" && !presentHistory ? run.step : null);

/** The point that marks a divergence: its step and the last finite value of the curve; else null. */
export function divergencePoint(state, [curve]) {
  const [x, y] = [divergedAt(state), curve?.y.findLast(Number.isFinite)];
  return x === null || y === undefined ? null : { x, y };
}

const LARGE_RATIO = 20; // largest value of a curve divided by its last one, above which its axis is logarithmic

/** Whether the vertical axis is logarithmic: as chosen, else where a curve fell to a small part of its maximum. */
export function isLogarithmic({ logScale }, curves) {
  if (logScale !== null) return logScale;
  const values = curves.map(({ y }) => y.filter(Number.isFinite));
  return values.every((y) => y.every((value) => value > 0))
    && values.some((y) => y.reduce((max, value) => Math.max(max, value), 0) > LARGE_RATIO * y.at(-1));
}
