// Which curves the panel of the loss and the metrics offers, and which one is selected.

import { metricNames } from "../../core/history.js";
import { t } from "../../core/text.js";
import { sourceOf } from "../../studio/problem.js";

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

/** The step at which the run diverged in the shown attempt, or null. */
export const divergedAt = ({ run, presentHistory }) =>
  (run?.status === "diverged" && !presentHistory ? run.step : null);
