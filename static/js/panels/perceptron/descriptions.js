// What the perceptron's state means, in words: separable or not, and why.

import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { frac, inline, mi, mn, mo, row, sup } from "../shared/formulas.js";

/** {text, parts()}: `text` changes when the words do, `parts()` makes the elements. */
export function verdict(frame) {
  if (frame.separable) return separable(frame);
  return frame.separable === false ? inseparable(frame) : { text: "unclear", parts: () => [h("p", { text: "Whether a line separates these examples is closer than double precision can tell." })] };
}

function separable({ rule, planar, radius, margin, bound, bound_reason: reason, errors }) {
  const text = JSON.stringify([rule, radius, margin, bound, reason, errors === 0]);
  const settled = rule && errors === 0 ? "Every example is right: the line will not move any more. " : "";
  const parts = () => [
    h("p", {}, settled, planar ? "A line separates these examples (dashed: the one in the middle of the widest street). R = " : "These examples can be separated. R = ", number(radius), ", γ = ", number(margin), rule && bound !== null ? ". So many mistakes are possible at most:" : "."),
    rule && bound !== null && h("p", { class: "formula-line" }, bounded(radius, margin, bound)),
    rule && reason && h("p", { text: `The bound says nothing here: ${reason}.` }),
  ].filter(Boolean);
  return { text, parts };
}

/** (R/γ)² with its numbers, where the weights began at zero; else the bound's number alone. */
function bounded(radius, margin, bound) {
  const plain = Math.abs((radius / margin) ** 2 / bound - 1) < 1e-9;
  if (!plain) return h("span", {}, `${integer(Math.floor(bound))} mistakes, counted from the weights it began with.`);
  return inline(row(sup(row(mo("("), frac(mi("R"), mi("γ")), mo(")")), mn("2")), mo("="), sup(row(mo("("), frac(mn(radius), mn(margin)), mo(")")), mn("2")), mo("="), mn(number(bound, 4))));
}

function inseparable({ certificate, returns, rule, features }) {
  const { visited, first, largest } = returns ?? {};
  const text = JSON.stringify([certificate.common, visited, first, number(largest ?? 0)]);
  const place = (values) => `(${Array.from(values, (value) => number(value)).join(", ")})`;
  const side = ({ class: name, inputs, shares }) => {
    const width = features.length;
    const rows = inputs.shape ? Array.from({ length: inputs.shape[0] }, (_, i) => inputs.subarray(i * width, (i + 1) * width)) : inputs;
    if (width > 3 || rows.length > 3) return `${shares.length} examples of class ${name}`;
    return `${rows.map(place).join(rows.length === 2 ? " and " : ", ")} of class ${name}`;
  };
  const [none, one] = certificate.sides;
  const lies = (each) => (each.shares.length === 1 ? `is an example of class ${each.class}` : `lies between ${side(each)}`);
  const parts = () => [
    h("p", {}, h("strong", { text: "No line separates these examples. " }), features.length > 3 ? "One and the same point " : `The point ${place(certificate.common)} `, `${lies(one)}; it ${lies(none)} as well. A line with each class on its own side would have that point on both sides.`),
    rule && first && h("p", { text: `So it never settles: mistake ${integer(first.mistake)} led back to the line it had ${first.same_as ? `after mistake ${integer(first.same_as)}` : "at the start"}. ${integer(visited)} different lines so far, and the length of (w, b) stays at ${number(largest)} or below.` }),
    rule && !first && returns && h("p", { text: `It never settles; the length of (w, b) stays bounded all the same: ${number(largest)} at most so far.` }),
  ].filter(Boolean);
  return { text, parts };
}
