// The curves of A beside those of B: thin lines, with one entry in the legend.

import { curvesOf } from "../panels/curves/curves.js";
import { t } from "../core/text.js";
import { upTo } from "../timeline/measured.js";

/** The last step of the curves of A. */
export function lastStep(state) {
  return Math.max(0, ...curvesOfReference(state).map(({ x }) => x.at(-1) ?? 0));
}

/** The curves of A as panels/curves draws them; those of B's own attempt end at A's step. */
export function curvesOfReference(state) {
  const { reference, run, history } = state;
  if (!reference) return [];
  const isOwn = reference.run === run?.id && reference.attempt === history.attempt;
  const shown = isOwn ? upTo(reference.history, reference.step) : reference.history;
  return curvesOf({ ...state, history: shown }).map(({ low, high, ...curve }, i) => ({
    ...curve, title: t("reference.curve", { title: curve.title }), thin: thinLine(i === 0),
  }));
}

/** The properties of Plotly's trace. */
const thinLine = (isFirst) => ({ name: "A", legendgroup: "A", showlegend: isFirst, opacity: 0.85 });
