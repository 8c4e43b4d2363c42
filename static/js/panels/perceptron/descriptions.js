// The text on linear separability: the margin and the bound, or a certificate that the classes are not separable.

import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { frac, inline, mi, mn, mo, row, sup } from "../shared/formulas.js";

/** {key, parts()}: `key` changes when the description does, `parts()` builds the elements. */
export function describeSeparability(frame) {
  if (frame.separable) return separable(frame);
  if (frame.separable === false) return inseparable(frame);
  return { key: "unclear", parts: () => [h("p", { text: t("panel.perceptron.unclear") })] };
}

function separable(frame) {
  const { rule, planar, radius, margin, bound, bound_reason: reason, errors } = frame;
  const key = JSON.stringify([rule, radius, margin, bound, reason, errors === 0]);
  const parts = () => {
    const sentences = [
      rule && errors === 0 && t("panel.perceptron.converged"),
      planar ? t("panel.perceptron.separable_line") : t("panel.perceptron.separable"),
      `R = ${number(radius)}, γ = ${number(margin)}.`,
      rule && bound !== null && t("panel.perceptron.bound_follows"),
    ].filter(Boolean);
    return [
      h("p", { text: sentences.join(" ") }),
      rule && bound !== null && h("p", { class: "formula-line" }, boundFormula(radius, margin, bound)),
      rule && reason && h("p", { text: withoutBound(frame) }),
    ].filter(Boolean);
  };
  return { key, parts };
}

const withoutBound = ({ bound_reason: reason, bound_code: code }) =>
  t(`panel.perceptron.violation.${code}`, {}, t("panel.perceptron.no_bound", { reason }));

/** (R/γ)² with its numbers, where the initial weights are zero; otherwise the bound as a number. */
function boundFormula(radius, margin, bound) {
  const fromZero = Math.abs((radius / margin) ** 2 / bound - 1) < 1e-9;
  const count = Math.floor(bound);
  if (!fromZero) return h("span", {}, t("panel.perceptron.bound_from_start", { count, number: integer(count) }));
  return inline(
    row(
      sup(row(mo("("), frac(mi("R"), mi("γ")), mo(")")), mn("2")),
      mo("="),
      sup(row(mo("("), frac(mn(radius), mn(margin)), mo(")")), mn("2")),
      mo("="),
      mn(number(bound, 4)),
    ),
  );
}

function inseparable({ certificate, returns, rule, features }) {
  const { visited, first, largest } = returns ?? {};
  const key = JSON.stringify([certificate.common, visited, first, number(largest ?? 0)]);
  const parts = () =>
    [
      h(
        "p",
        {},
        h("strong", { text: t("panel.perceptron.inseparable") }),
        " ",
        certificateText(certificate, features),
      ),
      rule && returns && h("p", { text: cycleText(returns) }),
    ].filter(Boolean);
  return { key, parts };
}

const pointText = (values) => `(${Array.from(values, (value) => number(value)).join(", ")})`;

/** The common point of the convex hulls of both classes. */
function certificateText({ common, sides }, { length: width }) {
  const [zero, one] = sides.map((side) => hullText(side, width));
  const values = { point: pointText(common), one, zero };
  return width > 3 ? t("panel.perceptron.common_any", values) : t("panel.perceptron.common", values);
}

/** The examples of a class whose convex hull contains the point, or their number where there are many. */
function hullText({ class: name, inputs, shares }, width) {
  const split = () => Array.from({ length: inputs.shape[0] }, (_, i) => inputs.subarray(i * width, (i + 1) * width));
  const rows = inputs.shape ? split() : inputs;
  const count = shares.length;
  if (width > 3 || rows.length > 3) return t("panel.perceptron.hull_many", { name, count });
  return t("panel.perceptron.hull", { name, count, points: rows.map(pointText).join(", ") });
}

/** The sentence on the cycle of lines, or on the bounded length of the weights. */
function cycleText({ visited, first, largest }) {
  const length = number(largest);
  if (!first) return t("panel.perceptron.bounded_length", { length });
  const values = { mistake: integer(first.mistake), before: integer(first.same_as), count: integer(visited), length };
  return first.same_as ? t("panel.perceptron.cycle", values) : t("panel.perceptron.cycle_to_start", values);
}
