// The curves of the recorded history: the points of the selected one, and those of the score beside the loss.

import { thin } from "../../core/thinning.js";
import { scoreOf } from "../../studio/score.js";
import { curveTitle, divergedAt, selectedCurve } from "./shown.js";

const PARTS = ["train", "validation", "test"];

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

/**
 * The score beside the loss, on an axis of its own, as [{part: "score", column, title, x, y}]; else []. A lesson
 * compares the losses of its experiments instead.
 */
export function scoreCurve(state) {
  const { catalogue, run, tries, history: { columns, metrics } } = state;
  if (!catalogue || !run || tries || selectedCurve(state) !== "loss") return [];
  const { name: column, title } = scoreOf(catalogue, run.config, (metric) => metric in metrics);
  const y = metrics[column];
  if (!y?.some(Number.isFinite)) return [];
  const indices = thin(y);
  return [{ part: "score", column, title, x: indices.map((i) => columns.step[i]), y: indices.map((i) => y[i]) }];
}

/** The mean over the episodes of each step, with the range from the 10th to the 90th percentile. */
function episodeCurve(metrics, name, step) {
  const indices = thin(metrics[`${name}_mean`]);
  const values = (statistic) => indices.map((i) => metrics[`${name}_${statistic}`][i]);
  return { part: "mean", x: indices.map((i) => step[i]), y: values("mean"), low: values("p10"), high: values("p90") };
}

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
