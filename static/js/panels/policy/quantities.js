// The quantities of the policy map: the most probable action, the entropy, and the probability of each action.

import { t } from "../../core/text.js";

export const MOST_PROBABLE = "most_probable";
export const ENTROPY = "entropy";

/** The title of a quantity; apart from the two constants, a quantity is the name of an action. */
export function quantityName(quantity) {
  if (quantity === MOST_PROBABLE) return t("panel.policy.most_probable");
  return quantity === ENTROPY ? t("panel.policy.entropy") : t("panel.policy.probability", { action: quantity });
}
