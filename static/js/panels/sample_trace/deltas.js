// The backward pass: δ = ∂E/∂z of every layer, and the gradients of its weights.

import { t } from "../../core/text.js";
import { block, derivative, frac, layerInput, letter, matrix, mi, mn, mo } from "../shared/formulas.js";
import { mtext, namedMatrix, row, rowsOf, sup, transposed, under } from "../shared/formulas.js";
import { layerName, paragraph } from "./text.js";

const slope = (layer) => row(sup(mi("φ"), mo("′")), mo("("), letter("z", layer), mo(")"));
const lossByOutput = (layer) => derivative({ letter: "E" }, { letter: "a", layer });
const outputMinusTarget = ({ prediction, target }) => row(mi(prediction), mo("−"), mi(target));

export function outputDelta(trace, step, { notation }) {
  const last = trace.layers.length - 1;
  const { form, jacobian } = trace.output_delta;
  const name = form === "matched" ? (jacobian ? "jacobian" : "factored") : form;
  return {
    title: t("panel.sample_trace.delta.title", { layer: layerName(trace, last) }),
    parts: [
      paragraph(t(`panel.sample_trace.output_delta.${name}`)),
      ...outputDeltaFormulas(trace.output_delta, last, notation),
      ...gradients(trace, last),
    ],
  };
}

function outputDeltaFormulas({ form, upstream, slopes, jacobian, factored, simplified }, last, notation) {
  const equals = (...formula) => block(letter("δ", last), mo("="), ...formula);
  const simple = () => equals(outputMinusTarget(notation), mo("="), matrix(transposed(simplified)));
  if (form === "perceptron") return [simple()];
  const first = () => under(matrix(transposed(upstream)), lossByOutput(last));
  const result = () => [mo("="), matrix(transposed(factored))];
  const formulas = jacobian
    ? [
        equals(sup(mi("J"), mi("T")), lossByOutput(last)),
        block(under(matrix(rowsOf(jacobian)), mtext(t("panel.sample_trace.jacobian"))), first(), result()),
      ]
    : [
        equals(lossByOutput(last), mo("⊙"), slope(last)),
        block(first(), mo("⊙"), under(matrix(transposed(slopes)), slope(last)), result()),
      ];
  if (simplified) formulas.push(paragraph(t("panel.sample_trace.simplified")), simple());
  return formulas;
}

export function delta(trace, { layer: index }) {
  const layer = trace.layers[index];
  const next = trace.layers[index + 1];
  const backpropagated = row(sup(row(mo("("), letter("W", index + 1), mo(")")), mi("T")), letter("δ", index + 1));
  const withSlopes = (factor) => (layer.slopes ? [mo("⊙"), factor()] : null);
  const upstream = () => under(matrix(transposed(layer.upstream)), lossByOutput(index));
  const slopes = () => under(matrix(transposed(layer.slopes)), slope(index));
  const result = namedMatrix(transposed(layer.deltas), letter("δ", index), layer.lecture_shapes.z);
  const slopeTerm = withSlopes(() => slope(index));
  const definition = block(letter("δ", index), mo("="), mo("("), backpropagated, mo(")"), slopeTerm);
  const numbers = block(upstream(), withSlopes(slopes), mo("="), result);
  return {
    title: t("panel.sample_trace.delta.title", { layer: layerName(trace, index) }),
    parts: [
      definition,
      next.weights ? backwardProduct(next, index + 1, upstream()) : null,
      numbers,
      ...gradients(trace, index),
    ].filter(Boolean),
  };
}

/** The transposed weights of the layer above times its deltas. */
function backwardProduct({ weights, deltas }, index, result) {
  const transpose = row(sup(letter("W", index), mi("T")));
  return block(
    under(matrix(rowsOf(weights)), transpose),
    under(matrix(transposed(deltas)), letter("δ", index)),
    mo("="),
    result,
  );
}

/** The gradients of a layer's weights: δ times the layer's input; for a batch the mean over its points. */
function gradients({ layers, samples }, index) {
  const { weight_gradients: values, lecture_shapes: shapes } = layers[index];
  const [rows, columns] = shapes.weights;
  if (!values) return [paragraph(t("panel.sample_trace.gradients.too_large", { rows, columns }))];
  const mean = samples > 1;
  const byWeights = () => frac(row(mo("∂"), mi("E")), row(mo("∂"), letter("W", index)));
  const product = row(letter("δ", index), sup(row(mo("("), layerInput(index), mo(")")), mi("T")));
  const result = namedMatrix(transposed(values), byWeights(), [rows, columns]);
  return [
    paragraph(mean ? t("panel.sample_trace.gradients.mean") : t("panel.sample_trace.gradients.one")),
    block(byWeights(), mo("="), mean ? frac(mn(1), mi("m")) : null, product, mo("="), result),
  ];
}
