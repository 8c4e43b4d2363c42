// The output maps of A and B for a state: A's plot with the scale of B, their difference, or why there is none.

import { t } from "../core/text.js";
import { plotData } from "../panels/decision_boundary/plot-data.js";
import { oneOfMany, taskOf } from "../panels/shared/scales.js";
import { sourceOf, taskOf as taskIn } from "../studio/problem.js";
import { focusUnit } from "../studio/units.js";
import { decisions, difference, obstacle, sameRanges } from "./difference.js";

/** The state with the frames and the points of A in place of those of B. */
export function stateOfA(state) {
  const { reference, run } = state;
  const ofRun = (frame) => (frame?.values ? { ...frame, run: run.id } : null);
  return {
    ...state,
    points: { ...reference.points, run: run.id },
    "view:decision_boundary": ofRun(reference.frames.decision_boundary),
    "view:unit": ofRun(reference.frames.unit),
    "view:network": null,
  };
}

/** {plotA, difference, changed, share, reason}; `changed` is 1 where the decisions differ, `share` their share. */
export function comparison(state, plot) {
  const { frames } = state.reference;
  const unit = focusUnit(state);
  const isHidden = unit && unit.layer >= 0 && unit.layer < state.run.config.layers.length;
  const failure = (isHidden ? frames.unit : frames.decision_boundary)?.error;
  if (failure) return { reason: failure };
  if (unit?.layer < 0) return { reason: t("reference.obstacle.input") };
  const found = plot && plotData(stateOfA(state));
  if (!found) return {};
  const data = otherData(state);
  if (data) return { plotA: found, reason: data };
  const kind = obstacle(found.frame, plot.frame);
  const plotA = kind === "outputs" ? found : { ...found, scale: plot.scale };
  if (kind) return { plotA, reason: t(`reference.obstacle.${kind}`) };
  if (found.kind !== plot.kind || !plot.values) return { plotA };
  return { plotA, ...compared(state, plotA, plot, unit) };
}

function compared(state, plotA, plot, unit) {
  const label = plot.output ?? 0;
  const [a, b] = [plotA.frame, plot.frame];
  const changed = unit ? null : decisions(a, b, { oneOfMany: oneOfMany(state) && b.values.shape[0] > 1, label });
  const share = changed && changed.reduce((sum, value) => sum + value, 0) / changed.length;
  if (state.run.status === "diverged" && !state.shown) return { reason: t("reference.obstacle.diverged") };
  if (!sameRanges(a, b)) return { changed, share, reason: t("reference.obstacle.ranges") };
  return { changed, share, difference: difference(plotA, plot) };
}

/** The sentence for data sets or tasks that differ, or null. */
export function otherData(state) {
  const { catalogue, reference, run, points } = state;
  const [a, b] = [reference.config, run.config].map((config) => sourceOf(catalogue, config));
  const isOtherTask = catalogue && taskIn(catalogue, reference.config) !== taskOf(state);
  const isOther = isOtherTask || a?.name !== b?.name || String(reference.points.classes) !== String(points?.classes);
  return isOther ? t("reference.obstacle.data", { a: a?.title ?? "?", b: b?.title ?? "?" }) : null;
}
