// The steps of the forward pass: inputs, weighted sums, activations, error and loss.

import { h } from "../../core/dom.js";
import { feature } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { thumbnail } from "../shared/pixels.js";
import { pointName } from "../shared/one-point.js";
import { block, column, digits, factorNumber, layerInput, letter, matrix, mi, mn, mo } from "../shared/formulas.js";
import { mtext, namedMatrix, row, rowsOf, sup, transposed } from "../shared/formulas.js";
import { layerName, list, paragraph, titleOf, valueText } from "./text.js";

/** The losses of a prediction p and a target y; sums are over the outputs. */
const FORMULAS = {
  half_squared_error: (p, y) => `½ Σ (${p} − ${y})²`,
  mean_squared_error: (p, y) => `Σ (${p} − ${y})²`,
  mean_absolute_error: (p, y) => `Σ |${p} − ${y}|`,
  binary_crossentropy: (p, y) => `−Σ [${y} ln ${p} + (1 − ${y}) ln (1 − ${p})]`,
  categorical_crossentropy: (p, y) => `−Σ ${y} ln ${p}`,
  hinge: (p, y) => `Σ max(0, 1 − ${p} ${y})`,
};
const IMAGE_SIZE = 96; // CSS pixels
const MAX_NAMES = 12;
const MAX_PRODUCTS = 12;
const MAX_ALPHAS = 8;

/** The inputs of the traced points. `image`: the size of the image that the inputs form, or null. */
export function inputs(trace, step, { image }) {
  const { features, seen, shape } = trace.inputs;
  const names = list(features.map(feature), MAX_NAMES);
  const corrupted = trace.task === "reconstruction";
  const [rows, columns] = shape;
  return {
    title: inputsTitle(trace),
    parts: [
      image && thumbnails(rowsOf(trace.inputs.raw), image),
      paragraph(pointText(trace, image)),
      block(mi("x"), mo("="), namedMatrix(transposed(seen), mi("x"), [columns, rows])),
      paragraph(
        corrupted
          ? t("panel.sample_trace.inputs.corrupted", { names })
          : t("panel.sample_trace.inputs.features", { names }),
      ),
      paragraph(t("panel.sample_trace.inputs.shapes", { rows, columns })),
    ].filter(Boolean),
  };
}

function inputsTitle({ samples, part, index }) {
  if (samples === 1) return pointName(part, index);
  return t("panel.sample_trace.inputs.batch", { count: samples, part: t(`panel.shared.part.${part}`) });
}

function thumbnails(rows, image) {
  const label = (i) => t("panel.sample_trace.inputs.image", { index: i + 1 });
  const images = rows.map((pixels, i) => thumbnail(pixels, image, IMAGE_SIZE, label(i)));
  return h("div", { class: "trace-pictures" }, images);
}

function pointText({ samples, inputs: { raw, names }, target }, image) {
  if (samples > 1) return t("panel.sample_trace.columns");
  const targetSentence = t("panel.sample_trace.inputs.target", { target: valueText(target[0]) });
  if (image) return targetSentence;
  const values = rowsOf(raw)[0].map((value, i) => `${feature(names[i])} = ${digits(value)}`);
  return `${list(values, MAX_NAMES)}. ${targetSentence}`;
}

export function weightedSum(trace, { layer: index }) {
  const layer = trace.layers[index];
  return {
    title: t("panel.sample_trace.weighted_sum.title", { layer: layerName(trace, index) }),
    parts: [
      block(letter("z", index), mo("="), letter("W", index), layerInput(index), mo("+"), letter("b", index)),
      ...weightedSumNumbers(trace, index),
      ...(trace.unit.layer === index ? unitSum(trace.unit) : []),
      paragraph(arraysText(layer, trace.samples)),
    ],
  };
}

/** W x + b = z with numbers; z alone if W is too large. */
function weightedSumNumbers({ layers, inputs: { seen }, samples }, index) {
  const { weights, biases, z, lecture_shapes: shapes } = layers[index];
  const [rows, columns] = shapes.weights;
  const sums = namedMatrix(transposed(z), letter("z", index), [rows, samples]);
  if (!weights) {
    const text = t("panel.sample_trace.weighted_sum.too_large", { rows, columns });
    return [paragraph(text), block(letter("z", index), mo("="), sums)];
  }
  const before = index === 0 ? seen : layers[index - 1].a;
  const factors = [
    namedMatrix(transposed(weights), letter("W", index), [rows, columns]),
    namedMatrix(transposed(before), layerInput(index), [columns, samples]),
  ];
  return [block(...factors, mo("+"), namedMatrix(column(biases), letter("b", index), [rows, 1]), mo("="), sums)];
}

function arraysText({ lecture_shapes: { weights }, omitted_units: count, off }, samples) {
  const [to, from] = weights;
  const sentences = [t("panel.sample_trace.weighted_sum.arrays", { samples, from, to })];
  if (count) sentences.push(t("panel.sample_trace.weighted_sum.omitted", { count }));
  const units = off.map((unit) => unit + 1).join(", ");
  if (units) sentences.push(t("panel.sample_trace.weighted_sum.disabled", { units }));
  return sentences.join(" ");
}

/** The products of the selected unit's weighted sum, for the first point. */
function unitSum({ layer, unit, terms, bias, z }) {
  const first = rowsOf(terms.inputs)[0];
  const product = (weight, i) => [i ? mo("+") : null, factorNumber(weight), mo("·"), factorNumber(first[i])];
  const products = Array.from(terms.weights, product);
  const more = products.length > MAX_PRODUCTS || terms.omitted;
  const name = letter("z", layer, String(unit + 1));
  return [
    paragraph(t("panel.sample_trace.weighted_sum.unit", { unit: unit + 1 })),
    block(
      name, mo("="), products.slice(0, MAX_PRODUCTS), more ? [mo("+"), mo("⋯")] : null,
      mo("+"), factorNumber(bias), mo("="), mn(Array.from(z)[0]),
    ),
  ];
}

export function activation(trace, { layer: index }, { catalogue }) {
  const layer = trace.layers[index];
  const f = mi(layer.activation.length < 3 ? layer.activation : "φ");
  const applied = (symbol) => [symbol, mo("("), letter("z", index), mo(")"), mo("=")];
  const values = namedMatrix(transposed(layer.a), letter("a", index), layer.lecture_shapes.z);
  const parts = [block(letter("a", index), mo("="), applied(f), values)];
  if (layer.slopes) {
    const slopes = block(applied(sup(mi("φ"), mo("′"))), matrix(transposed(layer.slopes)));
    parts.push(paragraph(t("panel.sample_trace.activation.slopes")), slopes);
  }
  return { title: activationTitle(trace, index, catalogue), parts };
}

function activationTitle(trace, index, catalogue) {
  const { activation: name, alpha } = trace.layers[index];
  const values = { layer: layerName(trace, index), activation: titleOf(catalogue, "activations", name) };
  if (!alpha?.length) return t("panel.sample_trace.activation.title", values);
  const numbers = list(Array.from(alpha, digits), MAX_ALPHAS);
  return t("panel.sample_trace.activation.title_alpha", { ...values, alpha: numbers });
}

export function loss(trace, step, { catalogue, notation }) {
  const { error, outputs, targets, prediction, target, samples } = trace;
  const compared = { prediction: valueText(prediction[0]), target: valueText(target[0]) };
  const [p, y] = [notation.prediction, notation.target];
  const named = (name, letter, values) => [mtext(`${name} `), mi(letter), mo("="), matrix(transposed(values))];
  return {
    title: t("panel.sample_trace.loss.title"),
    parts: [
      paragraph(samples > 1 ? t("panel.sample_trace.columns") : t("panel.sample_trace.loss.compared", compared)),
      block(
        named(t("panel.sample_trace.loss.output"), p, outputs),
        named(`  ${t("panel.sample_trace.loss.target")}`, y, targets),
      ),
      block(
        mi("e"), mo("="), row(mi(y), mo("−"), mi(p)), mo("="), matrix(transposed(error.target_minus_output)),
      ),
      paragraph(t("panel.sample_trace.loss.error")),
      block(row(mi(p), mo("−"), mi(y)), mo("="), matrix(transposed(error.output_minus_target))),
      ...lossValue(trace, catalogue, notation),
    ],
  };
}

function lossValue({ rule, samples, loss: { name, value } }, catalogue, { name: notation, prediction, target }) {
  if (rule === "perceptron") return [paragraph(t("panel.sample_trace.loss.perceptron"))];
  const title = titleOf(catalogue, "losses", name);
  const text = samples > 1 ? t("panel.sample_trace.loss.mean", { loss: title, count: samples }) : title;
  const formula = FORMULAS[name] ? [mtext(FORMULAS[name](prediction, target)), mo("=")] : null;
  const lines = [block(mi("E"), mo("="), formula, mn(value), mtext(`  (${text})`))];
  if (notation === "lecture") lines.push(paragraph(t("panel.sample_trace.loss.lecture_sum")));
  return lines;
}
