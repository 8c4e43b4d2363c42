// The share of a layer's values where |f′| is nearly 0, in the words for its kind of layer.

import { percent } from "../../core/formats.js";
import { t } from "../../core/text.js";

const LOWEST = { sigmoid: 0, softmax: 0, tanh: -1 }; // of outputs between two bounds

/** Whether many such values are a problem: of a hidden layer, but not where ReLU is 0. */
export const isSaturable = ({ activation }, isOutput) => !isOutput && activation !== "relu";

/** The texts, longest first: "inactive 50%" of ReLU, "93% near 0 or 1" of outputs, else "saturated 93%". */
export function flatTexts({ activation, saturated }, isOutput) {
  const values = { share: percent(saturated), low: LOWEST[activation] };
  const kind = isOutput && activation in LOWEST ? "near" : activation === "relu" ? "inactive" : "saturated";
  return [t(`panel.shared.flat.${kind}`, values), t(`panel.shared.flat_short.${kind}`, values)];
}
