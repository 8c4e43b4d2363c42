// The selected weight: its gradient by the chain rule, a check by finite differences, and its next update.

import { t } from "../../core/text.js";
import { block, derivative, digits, factorNumber, frac, letter, mi, mn, mo, mtext } from "../shared/formulas.js";
import { row, rowsOf, sub, symbol, under } from "../shared/formulas.js";
import { paragraph, titleOf } from "./text.js";
import { ruleOf } from "./update-rule.js";

const MAX_PRODUCTS = 10;

/** The symbol of the selected weight; a bias is written as b. */
const weightSymbol = (weight) =>
  weight.source === -1 || weight.letter === "b" ? { ...weight, letter: "b", source: null } : weight;

/** In the notation of the lecture a weight has the index of its input first. */
const inputFirst = ({ name }) => name === "lecture";

export function chain(trace, step, { notation }) {
  const { samples, chain: rule } = trace;
  const order = inputFirst(notation);
  return {
    title: t("panel.sample_trace.chain.title"),
    parts: [
      paragraph(chainText(rule, samples, order)),
      productOfFactors(rule, order),
      ...rule.factors.flatMap((factor) => factorDetails(factor, order)),
      paragraph(t("panel.sample_trace.chain.delta_rule")),
      deltaRule(trace, order),
      samples > 1 ? meanGradient(samples, rule.gradient) : null,
      totalGradient(trace.gradient),
    ].filter(Boolean),
  };
}

function chainText({ value, weight }, samples, order) {
  const sentences = [t("panel.sample_trace.chain.weight", { value: digits(value) })];
  if (weightSymbol(weight).letter !== "b")
    sentences.push(order ? t("panel.sample_trace.chain.input_first") : t("panel.sample_trace.chain.unit_first"));
  if (samples > 1) sentences.push(t("panel.sample_trace.chain.first_point"));
  return sentences.join(" ");
}

function productOfFactors({ weight, factors, factored }, order) {
  const product = factors.map(({ numerator, denominator, values }, i) => [
    i ? mo("·") : null,
    under(derivative(numerator, denominator, order), factorNumber(Array.from(values)[0])),
  ]);
  const gradient = derivative({ letter: "E" }, weightSymbol(weight), order);
  return block(gradient, mo("="), product, mo("="), mn(Array.from(factored)[0]));
}

/** The terms of a factor that is a sum over the units above, and a note. */
function factorDetails(factor, order) {
  const text = factorText(factor);
  return [factor.terms?.weights ? sumOverUnits(factor, order) : null, text ? paragraph(text) : null].filter(Boolean);
}

const factorText = ({ note, note_code: code }) => note && t(`panel.sample_trace.note.${code}`, {}, note);

function sumOverUnits({ terms, numerator, denominator }, order) {
  const first = rowsOf(terms.deltas)[0];
  const product = (weight, i) => [i ? mo("+") : null, factorNumber(weight), mo("·"), factorNumber(first[i])];
  const products = Array.from(terms.weights, product);
  const more = products.length > MAX_PRODUCTS || terms.omitted;
  const unit = denominator.unit + 1;
  const weight = letter("w", terms.layer, order ? `${unit}k` : `k${unit}`);
  const sum = [sub(mo("∑"), mi("k")), weight, letter("δ", terms.layer, "k")];
  const shown = [products.slice(0, MAX_PRODUCTS), more ? [mo("+"), mo("⋯")] : null];
  return block(derivative(numerator, denominator), mo("="), sum, mo("="), shown);
}

/** ∂E/∂w = δ · input, for the first point. */
function deltaRule(trace, order) {
  const { weight: selected, deltas, products } = trace.chain;
  const weight = weightSymbol(selected);
  const input = weight.letter === "b" ? mn(1) : symbol(inputSymbol(weight));
  const numbers = [factorNumber(Array.from(deltas)[0]), mo("·"), factorNumber(inputOf(trace))];
  return block(
    derivative({ letter: "E" }, weight, order), mo("="),
    letter("δ", weight.layer, String(weight.unit + 1)), mo("·"), input, mo("="),
    numbers, mo("="), mn(Array.from(products)[0]),
  );
}

const inputSymbol = ({ layer, source }) =>
  layer === 0 ? { letter: "x", unit: source } : { letter: "a", layer: layer - 1, unit: source };

/** The value that the weight multiplies, of the first point; 1 for a bias. */
function inputOf({ chain: { weight }, inputs, layers }) {
  const { layer, source } = weight;
  if (source === -1 || source === null) return 1;
  return rowsOf(layer === 0 ? inputs.seen : layers[layer - 1].a)[0][source];
}

const meanGradient = (count, gradient) =>
  block(mtext(`${t("panel.sample_trace.chain.mean", { count })} = `), mn(gradient));

const totalGradient = ({ loss, penalty, total }) =>
  block(
    mtext(`${t("panel.sample_trace.chain.loss")} `), mn(loss), mo("+"),
    mtext(`${t("panel.sample_trace.chain.penalty")} `), mn(penalty), mo("="),
    mtext(`${t("panel.sample_trace.chain.gradient")} `), mn(total),
  );

export function numeric(trace, step, { notation }) {
  const { numeric: check, gradient, chain: { weight }, numeric_reason: reason, numeric_code: code } = trace;
  const title = t("panel.sample_trace.numeric.title");
  const unknown = reason && t(`panel.sample_trace.numeric_reason.${code}`, {}, reason);
  if (!check) return { title, parts: [paragraph(unknown)] };
  const { estimate, h, relative_error: error } = check;
  const backpropagation = mtext(`${t("panel.sample_trace.numeric.backpropagation")} `);
  const result = unknown ?? t("panel.sample_trace.numeric.error", { error: digits(error) });
  return {
    title,
    parts: [
      paragraph(t("panel.sample_trace.numeric.text")),
      block(centralDifference(weight, inputFirst(notation)), mo("="), mn(estimate), mtext("  h = "), mn(h)),
      block(backpropagation, mn(gradient.loss)),
      paragraph(result),
    ],
  };
}

/** (E(w + h) − E(w − h)) / 2h. */
function centralDifference(weight, order) {
  const lossAt = (sign) => row(mi("E"), mo("("), symbol(weightSymbol(weight), order), mo(sign), mi("h"), mo(")"));
  return frac(row(lossAt("+"), mo("−"), lossAt("−")), row(mn(2), mi("h")));
}

export function update(trace, step, { catalogue, notation }) {
  const { update: next, gradient, chain: { weight }, samples } = trace;
  if (!next) return unknownUpdate(trace, catalogue);
  const { before, after, change, optimizer } = next;
  const name = symbol(weightSymbol(weight), inputFirst(notation));
  return {
    title: t("panel.sample_trace.update.by", { optimizer: titleOf(catalogue, "optimizers", optimizer) }),
    parts: [
      block(name, mo("←"), mn(before), mo(change < 0 ? "−" : "+"), mn(Math.abs(change)), mo("="), mn(after)),
      paragraph(updateText(next, gradient)),
      ...ruleOf(next, notation),
      paragraph(noteText(next, samples)),
    ],
  };
}

/** What the step is made of, and whether it goes against the gradient. */
function noteText({ optimizer, change, terms }, samples) {
  const sentences = [samples > 1 ? t("panel.sample_trace.update.batch") : t("panel.sample_trace.update.point")];
  sentences.push(t(`panel.sample_trace.update.note.${optimizer}`));
  if (change * terms.gradient > 0) sentences.push(t("panel.sample_trace.update.opposite"));
  return sentences.join(" ");
}

function unknownUpdate({ update_reason: reason, update_code: code, update_parameters: parameters }, catalogue) {
  const values = { optimizer: titleOf(catalogue, "optimizers", parameters?.optimizer) };
  const text = reason
    ? t(`panel.sample_trace.update_reason.${code}`, values, reason)
    : t("panel.sample_trace.update.unknown");
  return { title: t("panel.sample_trace.update.title"), parts: [paragraph(text)] };
}

function updateText({ learning_rate: rate, norm, frozen, clipped }, { total }) {
  const values = { rate: digits(rate), gradient: digits(total), norm: digits(norm) };
  const sentences = [t("panel.sample_trace.update.numbers", values)];
  if (frozen) sentences.push(t("panel.sample_trace.update.frozen"));
  if (clipped) sentences.push(t("panel.sample_trace.update.clipped"));
  return sentences.join(" ");
}
