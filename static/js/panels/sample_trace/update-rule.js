// The formulas of the optimizers' updates, with the numbers of one weight.

import { block, frac, mi, mn, mo, mtext, over, root, row, sub, sup } from "../shared/formulas.js";

const [g, w, v, m, s, eta, mu, rho, epsilon] = ["g", "w", "v", "m", "s", "η", "μ", "ρ", "ε"].map(
  (name) => () => mi(name),
);
const hat = (name) => () => over(mi(name), mo("^"));
const beta = (index) => sub(mi("β"), mn(String(index)));
const square = (base) => sup(base, mn("2"));
const complement = (factor) => row(mo("("), mn("1"), mo("−"), factor, mo(")"));
const change = (...formula) => [mo("Δ"), w(), mo("="), ...formula];
const negative = (...formula) => change(mo("−"), ...formula);
const divided = (numerator, denominator) =>
  row(eta(), frac(numerator, row(root(denominator), mo("+"), epsilon())));
/** A running mean of the squared gradient, or of the gradient: factor · mean + (1 − factor) · value. */
const mean = (name, factor, value) => [name(), mo("←"), factor(), name(), mo("+"), complement(factor()), value];

const velocity = () => [v(), mo("←"), mu(), v(), mo("+"), eta(), g()];
const adam = () => divided(hat("m")(), hat("v")());
const moments = () => [mean(m, () => beta(1), g()), mean(v, () => beta(2), square(g()))];

/** By optimizer: the formulas, last that of the change. */
const RULES = {
  sgd: () => [negative(eta(), g())],
  momentum: () => [velocity(), negative(v())],
  nesterov: () => [velocity(), negative(mo("("), mu(), v(), mo("+"), eta(), g(), mo(")"))],
  rmsprop: () => [mean(s, rho, square(g())), negative(divided(g(), s()))],
  adagrad: () => [[s(), mo("←"), s(), mo("+"), square(g())], negative(divided(g(), s()))],
  adam: () => [...moments(), negative(adam())],
  adamw: () => [...moments(), negative(eta(), mi("λ"), w(), mo("−"), adam())],
};
/** The symbols of the values that the view returns. */
const SYMBOLS = {
  gradient: g, velocity: v, mean_square: s, corrected_mean: hat("m"), corrected_mean_square: hat("v"),
  sum_of_squares: s,
};

/** The formulas of the next update, and the values in them. */
export function ruleOf({ optimizer, learning_rate: rate, terms }, { prediction, target }) {
  const rule = RULES[optimizer];
  const formulas = rule ? rule() : [perceptronRule(prediction, target)];
  return [...formulas.map((formula) => block(...formula)), values(rate, terms)];
}

/** Δw = η (target − prediction) x */
const perceptronRule = (prediction, target) =>
  change(eta(), mo("("), mi(target), mo("−"), mi(prediction), mo(")"), mi("x"));

function values(rate, terms) {
  const list = Object.entries(terms).map(([name, value]) => [mtext(", "), SYMBOLS[name](), mo("="), mn(value)]);
  return block(eta(), mo("="), mn(rate), list);
}
