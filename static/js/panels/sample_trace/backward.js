// The way back: the deltas of every layer, the chain rule of one weight factor by factor, its check and its update.

import { h } from "../../core/dom.js";
import { words } from "../../core/formats.js";
import { layerName } from "./forward.js";
import { block, derivative, digits, factorNumber, frac, layerInput, letter, matrix, mi } from "../shared/formulas.js";
import { mn, mo, mtext, named, row, rowsOf, sub, sup, symbol, transposed, under } from "../shared/formulas.js";

const p = (text) => h("p", { text });
const slope = (layer) => row(sup(mi("φ"), mo("′")), mo("("), letter("z", layer), mo(")"));

export function outputDelta(trace) {
  const last = trace.layers.length - 1;
  const { form, upstream, slopes, jacobian, factored, simplified, note } = trace.output_delta;
  const parts = [block(letter("δ", last), mo("="), written(form, last, jacobian))];
  if (form === "perceptron") parts.push(block(letter("δ", last), mo("="), matrix(transposed(factored))));
  else if (jacobian)
    parts.push(
      block(
        under(matrix(rowsOf(jacobian)), mtext("Jacobian, transposed")),
        under(matrix(transposed(upstream)), derivative({ letter: "E" }, { letter: "a", layer: last })),
        mo("="),
        matrix(transposed(factored)),
      ),
    );
  else if (slopes)
    parts.push(
      block(
        under(matrix(transposed(upstream)), derivative({ letter: "E" }, { letter: "a", layer: last })),
        mo("⊙"),
        under(matrix(transposed(slopes)), slope(last)),
        mo("="),
        matrix(transposed(factored)),
      ),
    );
  if (simplified)
    parts.push(
      p(
        "For this pair of loss and activation both factors cancel to output minus target, which is what the training uses:",
      ),
      block(letter("δ", last), mo("="), row(mi("y"), mo("−"), mi("ŷ")), mo("="), matrix(transposed(simplified))),
    );
  if (note) parts.push(p(sentence(note)));
  parts.push(...gradients(trace, last));
  return { title: "Output: delta, the slope of the loss before the activation", parts };
}

const sentence = (text) => `${words(text)}${/[.!?]$/.test(text) ? "" : "."}`;

function written(form, last, jacobian) {
  if (form === "perceptron") return row(mi("y"), mo("−"), mi("ŷ"));
  const first = derivative({ letter: "E" }, { letter: "a", layer: last });
  return jacobian ? row(sup(mi("J"), mi("T")), first) : row(first, mo("⊙"), slope(last));
}

export function delta(trace, { layer: index }) {
  const layer = trace.layers[index];
  const above = trace.layers[index + 1];
  const [units] = layer.lecture_shapes.z;
  const back = row(sup(row(mo("("), letter("W", index + 1), mo(")")), mi("T")), letter("δ", index + 1));
  const parts = [
    block(letter("δ", index), mo("="), mo("("), back, mo(")"), layer.slopes ? [mo("⊙"), slope(index)] : null),
  ];
  if (above.weights)
    parts.push(
      block(
        under(matrix(rowsOf(above.weights)), row(sup(letter("W", index + 1), mi("T")))),
        under(matrix(transposed(above.deltas)), letter("δ", index + 1)),
        mo("="),
        under(matrix(transposed(layer.upstream)), derivative({ letter: "E" }, { letter: "a", layer: index })),
      ),
    );
  parts.push(
    block(
      under(matrix(transposed(layer.upstream)), derivative({ letter: "E" }, { letter: "a", layer: index })),
      layer.slopes ? [mo("⊙"), under(matrix(transposed(layer.slopes)), slope(index))] : null,
      mo("="),
      named(transposed(layer.deltas), letter("δ", index), [units, trace.samples]),
    ),
    ...gradients(trace, index),
  );
  return { title: `${layerName(trace, index)}: deltas`, parts };
}

/** The gradients of a layer's weights: delta times what came in, for a batch the mean over its points. */
function gradients({ layers, samples }, index) {
  const {
    weight_gradients: held,
    lecture_shapes: {
      weights: [rows, columns],
    },
  } = layers[index];
  if (!held) return [p(`The gradients of the ${rows} × ${columns} weights are too many to write out.`)];
  const by = frac(row(mo("∂"), mi("E")), row(mo("∂"), letter("W", index)));
  const product = row(letter("δ", index), sup(row(mo("("), layerInput(index), mo(")")), mi("T")));
  return [
    p(
      samples > 1
        ? "From it the gradients of all its weights, the mean over the points:"
        : "From it the gradients of all its weights:",
    ),
    block(
      by,
      mo("="),
      samples > 1 ? frac(mn(1), mi("m")) : null,
      product,
      mo("="),
      named(transposed(held), by.cloneNode(true), [rows, columns]),
    ),
  ];
}

const weightSymbol = ({ weight }) =>
  weight.source === -1 || weight.letter === "b" ? { ...weight, letter: "b", source: null } : weight;

export function chain(trace) {
  const { chain: held, gradient, samples } = trace;
  const weight = weightSymbol(held);
  const factors = held.factors.map((factor, i) => [
    i ? mo("·") : null,
    under(derivative(factor.numerator, factor.denominator), factorNumber(Array.from(factor.values)[0])),
  ]);
  const parts = [
    p(
      `The chosen weight is ${digits(held.value)}.${samples > 1 ? " Numbers under the factors are those of the first point; the gradient is the mean over all." : ""}`,
    ),
    block(derivative({ letter: "E" }, weight), mo("="), factors, mo("="), mn(Array.from(held.factored)[0])),
  ];
  for (const factor of held.factors) parts.push(...explained(factor));
  if (held.factors[0].name === "loss_by_error")
    parts.push(
      p(
        "The sign: the lecture's e is target − output, ŷ − y, so ∂e/∂y is −1 and the lecture writes ∂E/∂w = −e (1 − y) y x for a sigmoid. With e as output − target the minus sign goes, and the number is the same.",
      ),
    );
  parts.push(
    p("The delta rule: delta of the unit times what comes in along this weight."),
    block(
      derivative({ letter: "E" }, weight),
      mo("="),
      letter("δ", weight.layer, String(weight.unit + 1)),
      mo("·"),
      weight.letter === "b" ? mn(1) : symbol(intakeOf(weight)),
      mo("="),
      factorNumber(Array.from(held.deltas)[0]),
      mo("·"),
      factorNumber(inputOf(trace)),
      mo("="),
      mn(Array.from(held.products)[0]),
    ),
  );
  if (samples > 1) parts.push(block(mtext(`mean over ${samples} points = `), mn(held.gradient)));
  parts.push(
    block(
      mtext("loss "),
      mn(gradient.loss),
      mo("+"),
      mtext("penalty "),
      mn(gradient.penalty),
      mo("="),
      mtext("gradient "),
      mn(gradient.total),
    ),
  );
  return { title: "The chain rule, factor by factor", parts };
}

const intakeOf = ({ layer, source }) =>
  layer === 0 ? { letter: "x", unit: source } : { letter: "a", layer: layer - 1, unit: source };

function inputOf(trace) {
  const { layer, source } = trace.chain.weight;
  if (source === -1 || source === null) return 1;
  return rowsOf(layer === 0 ? trace.inputs.seen : trace.layers[layer - 1].a)[0][source];
}

/** Where a factor is a sum over the units above, its terms; and what is to be said about it. */
function explained({ terms, numerator, denominator, note }) {
  const parts = [];
  if (terms?.weights) {
    const first = rowsOf(terms.deltas)[0];
    const products = Array.from(terms.weights, (weight, i) => [
      i ? mo("+") : null,
      factorNumber(weight),
      mo("·"),
      factorNumber(first[i]),
    ]);
    parts.push(
      block(
        derivative(numerator, denominator),
        mo("="),
        mo("∑"),
        sub(mi("w"), mi("k")),
        sub(mi("δ"), mi("k")),
        mo("="),
        products.slice(0, 10),
        products.length > 10 || terms.omitted ? [mo("+"), mo("⋯")] : null,
      ),
    );
  }
  if (note) parts.push(p(sentence(note)));
  return parts;
}

export function numeric(trace) {
  const {
    numeric: held,
    numeric_reason: reason,
    gradient,
    chain: { weight },
  } = trace;
  if (!held) return { title: "Checked by a difference", parts: [p(sentence(reason ?? "There is no estimate"))] };
  const w = symbol(weightSymbol({ weight }));
  return {
    title: "Checked by a difference",
    parts: [
      p("The same slope without any calculus: move the weight a little to both sides and look at the loss."),
      block(derivativeEstimate(w), mo("="), mn(held.estimate), mtext(`  with h = ${digits(held.h)}`)),
      block(mtext("backpropagation: "), mn(gradient.loss)),
      p(held.relative_error === null ? sentence(reason) : `Relative error: ${digits(held.relative_error)}.`),
    ],
  };
}

function derivativeEstimate(w) {
  const at = (sign) => row(mi("E"), mo("("), w.cloneNode(true), mo(sign), mi("h"), mo(")"));
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", "mfrac");
  made.append(row(at("+"), mo("−"), at("−")), row(mn(2), mi("h")));
  return made;
}

export function update(trace) {
  const {
    update: held,
    update_reason: reason,
    gradient,
    chain: { weight },
  } = trace;
  if (!held) return { title: "The update", parts: [p(sentence(reason ?? "No step is known"))] };
  const w = symbol(weightSymbol({ weight }));
  const marks = [held.frozen && "This weight is frozen.", held.clipped && "The step was clipped."]
    .filter(Boolean)
    .join(" ");
  return {
    title: `The update that ${words(held.optimizer)} would make`,
    parts: [
      block(
        w,
        mo("←"),
        mn(held.before),
        mo(held.change < 0 ? "−" : "+"),
        mn(Math.abs(held.change)),
        mo("="),
        mn(held.after),
      ),
      p(
        `Learning rate ${digits(held.learning_rate)}, gradient ${digits(gradient.total)}, length of the whole step ${digits(held.norm)}. ${marks}`.trim(),
      ),
      block(mo("Δ"), mi("w"), mo("="), mo("−"), mi("η"), mi("δ"), mi("x")),
      p(
        "A slide prints Δw = η δ x; with its own definition of δ the step downhill is −η δ x. Optimizers other than plain gradient descent scale it.",
      ),
    ],
  };
}
