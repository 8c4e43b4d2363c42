// The curves of the recorded history: which there are, and the points of the one that is shown.

import { metricNames, thin } from "../../core/history.js";
import { t } from "../../core/text.js";
import { sourceOf } from "../../studio/problem.js";

const PARTS = ["train", "validation", "test"];

/** The loss where there is one, and all metrics; before the first point those that are expected. */
export function curveNames({ history, catalogue, run }) {
  const { scores, judged } = sourceOf(catalogue, run?.config) ?? {};
  const measured = metricNames(history);
  if (!scores) return ["loss", ...measured];
  return [...new Set([judged, ...(measured.length ? measured : scores.map(({ name }) => name))])];
}

/** The title of a curve in the catalogue, which does not list the loss. */
export function curveTitle({ catalogue, run }, name) {
  const { scores = [] } = sourceOf(catalogue, run?.config) ?? {};
  const entries = [...scores, ...(catalogue?.metrics ?? [])];
  return entries.find((entry) => entry.name === name)?.title ?? t("panel.curves.loss");
}

/** The chosen curve, or the first one. */
export function shownCurve(state) {
  const names = curveNames(state);
  return names.includes(state.curveTab) ? state.curveTab : names[0];
}

/** The curves to draw, one per measured part, as {part, title, x, y}, thinned to the resolution of a screen. */
export function curvesOf(state) {
  const { columns, metrics } = state.history;
  const shown = shownCurve(state);
  const title = curveTitle(state, shown);
  if (metrics[`${shown}_mean`]) return [{ title, ...episodeCurve(metrics, shown, columns.step) }];
  return PARTS.flatMap((part) => {
    const y = shown === "loss" ? columns[`${part}_loss`] : metrics[`${part}_${shown}`];
    if (!y?.some((value) => value !== null)) return [];
    const kept = thin(y);
    return [{ part, title, x: kept.map((i) => columns.step[i]), y: kept.map((i) => y[i]) }];
  });
}

/** The mean over the episodes of each step, with the range from the 10th to the 90th percentile. */
function episodeCurve(metrics, shown, step) {
  const kept = thin(metrics[`${shown}_mean`]);
  const pick = (statistic) => kept.map((i) => metrics[`${shown}_${statistic}`][i]);
  return { part: "mean", x: kept.map((i) => step[i]), y: pick("mean"), low: pick("p10"), high: pick("p90") };
}

/** The step at which the run diverged, or null. */
export const divergedAt = ({ run }) => (run?.status === "diverged" ? run.step : null);

/** Where the divergence is marked: at its step, at the last finite value; null where there is nothing to mark. */
export function divergencePoint(state, [curve]) {
  const [x, y] = [divergedAt(state), curve?.y.findLast(Number.isFinite)];
  return x === null || y === undefined ? null : { x, y };
}
