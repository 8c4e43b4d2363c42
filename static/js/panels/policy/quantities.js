// The quantities of the policy map: the most probable action, the entropy, and the probability of each action.

import { t } from "../../core/text.js";

export const MOST_PROBABLE = "most_probable";
export const ENTROPY = "entropy";

/** The name of a quantity; any other one than the two constants is the name of an action. */
export function quantityName(quantity) {
  if (quantity === MOST_PROBABLE) return t("panel.policy.most_probable");
  return quantity === ENTROPY ? t("panel.policy.entropy") : t("panel.policy.probability", { action: quantity });
}
