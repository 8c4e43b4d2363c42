// The problems of the members: which of them are dead or stuck, by the diagnoses of their newest step.

import { t } from "../../core/text.js";

// What the diagnoses mean for a member; others are named beside the large picture only.
const KINDS = {
  dying_relu: "dead", zero_weights: "stuck", plateau: "stuck", majority_guess: "stuck", vanishing_gradient: "stuck",
  saturation: "stuck",
};

/** "Dead" or "Stuck" of a member, or "". */
export function problemMark(problem) {
  const kind = KINDS[problem];
  return kind ? t(`experiment.wall.${kind}`) : "";
}

/** "Problem: Dying ReLU. At least 50% of the units …", or "". */
export function problemText({ diagnoses }, problem) {
  const { title, help } = diagnoses.find(({ name }) => name === problem) ?? {};
  return title ? t("experiment.wall.problem", { title, help }) : "";
}
