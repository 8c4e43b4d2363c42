// The way forward, one step at a time: inputs, weighted sums, activations, error and loss.

import { h } from "../../core/dom.js";
import { feature, words } from "../../core/formats.js";
import { thumbnail } from "../shared/pixels.js";
import { block, column, digits, factorNumber, layerInput, letter, matrix, mi, mn, mo } from "../shared/formulas.js";
import { mtext, named, row, rowsOf, sup, transposed } from "../shared/formulas.js";

/** Sums run over the outputs. */
const FORMULAS = {
  half_squared_error: "½ Σ (ŷ − y)²",
  mean_squared_error: "Σ (ŷ − y)²",
  mean_absolute_error: "Σ |ŷ − y|",
  binary_crossentropy: "−Σ [ŷ ln y + (1 − ŷ) ln (1 − y)]",
  categorical_crossentropy: "−Σ ŷ ln y",
  hinge: "Σ max(0, 1 − ŷ y)",
};
const PICTURE = 96; // CSS pixels
const p = (text) => h("p", { text });

export const layerName = (trace, layer) => words(trace.layers[layer].name);

/** What went in, as the pictures they are. */
const pictures = (rows, image) =>
  h(
    "div",
    { class: "trace-pictures" },
    rows.map((pixels, i) => thumbnail(pixels, image, PICTURE, `picture ${i + 1}`)),
  );

/** `image` says how the inputs lie in a picture, where they do. */
export function inputs(trace, step, image) {
  const { names, raw, features, seen, shape } = trace.inputs;
  const many = trace.samples > 1;
  const values = rowsOf(raw)[0].map((value, i) => `${feature(names[i])} = ${digits(value)}`);
  return {
    title: many
      ? `${trace.samples} points of the ${trace.part} part`
      : `Point ${trace.index} of the ${trace.part} part`,
    parts: [
      image && pictures(rowsOf(raw), image),
      p(
        many
          ? "Each column is one point."
          : `${image ? "" : `${values.slice(0, 12).join(", ")}${values.length > 12 ? ` and ${values.length - 12} more` : ""}. `}Known target: ${told(trace.target[0])}.`,
      ),
      block(mi("x"), mo("="), named(transposed(seen), mi("x"), [shape[1], shape[0]])),
      p(
        `What the network sees: ${features.slice(0, 12).map(feature).join(", ")}${features.length > 12 ? " …" : ""}, standardised where the data set is${trace.task === "reconstruction" ? ", and disturbed" : ""}. The lecture stacks points as columns (${shape[1]} × ${shape[0]}); the arrays here stack them as rows (${shape[0]} × ${shape[1]}).`,
      ),
    ].filter(Boolean),
  };
}

const SHOWN = 8; // values of a row that was given back
const shortly = (values) =>
  `${values.slice(0, SHOWN).map(digits).join(", ")}${values.length > SHOWN ? ` and ${values.length - SHOWN} more` : ""}`;
const told = (value) =>
  value === null
    ? "–"
    : Array.isArray(value)
      ? typeof value[0] === "number"
        ? shortly(value)
        : value.join(" + ") || "no label"
      : typeof value === "number"
        ? digits(value)
        : String(value);

export function weightedSum(trace, { layer: index }) {
  const layer = trace.layers[index];
  const [rows, columns] = layer.lecture_shapes.weights;
  const before = index === 0 ? trace.inputs.seen : trace.layers[index - 1].a;
  const written = row(
    letter("z", index),
    mo("="),
    letter("W", index),
    layerInput(index),
    mo("+"),
    letter("b", index),
  );
  const parts = [block(written)];
  if (layer.weights) {
    parts.push(
      block(
        named(transposed(layer.weights), letter("W", index), [rows, columns]),
        named(transposed(before), layerInput(index), [columns, trace.samples]),
        mo("+"),
        named(column(layer.biases), letter("b", index), [rows, 1]),
        mo("="),
        named(transposed(layer.z), letter("z", index), [rows, trace.samples]),
      ),
    );
  } else
    parts.push(
      p(`W is ${rows} × ${columns}: too large to write out.`),
      block(letter("z", index), mo("="), named(transposed(layer.z), letter("z", index), [rows, trace.samples])),
    );
  if (trace.unit.layer === index) parts.push(...oneUnit(trace.unit));
  parts.push(p(rowsNote(layer, trace, columns, rows)));
  return { title: `${layerName(trace, index)}: weighted sums`, parts };
}

const rowsNote = (layer, trace, from, to) =>
  `As arrays with points as rows: (${trace.samples} × ${from}) @ (${from} × ${to}) + (${to}).${layer.omitted_units ? ` ${layer.omitted_units} further units are left out.` : ""}${layer.off.length ? ` Switched off: unit ${layer.off.map((unit) => unit + 1).join(", ")}.` : ""}`;

/** The sum of the chosen unit, product by product, for the first point. */
function oneUnit({ layer, unit, terms, bias, z }) {
  const products = Array.from(terms.weights, (weight, i) => [
    i ? mo("+") : null,
    factorNumber(weight),
    mo("·"),
    factorNumber(rowsOf(terms.inputs)[0][i]),
  ]);
  return [
    p(`The chosen unit ${unit + 1}:`),
    block(
      letter("z", layer, String(unit + 1)),
      mo("="),
      products.slice(0, 12),
      products.length > 12 || terms.omitted ? [mo("+"), mo("⋯")] : null,
      mo("+"),
      factorNumber(bias),
      mo("="),
      mn(Array.from(z)[0]),
    ),
  ];
}

export function activation(trace, { layer: index }) {
  const layer = trace.layers[index];
  const [units] = layer.lecture_shapes.z;
  const f = mi(layer.activation.length < 3 ? layer.activation : "φ");
  const parts = [
    block(
      letter("a", index),
      mo("="),
      f,
      mo("("),
      letter("z", index),
      mo(")"),
      mo("="),
      named(transposed(layer.a), letter("a", index), [units, trace.samples]),
    ),
  ];
  if (layer.slopes)
    parts.push(
      p("Its slope there, which the way back will need:"),
      block(sup(mi("φ"), mo("′")), mo("("), letter("z", index), mo(")"), mo("="), matrix(transposed(layer.slopes))),
    );
  const alpha = layer.alpha?.length ? `, α = ${Array.from(layer.alpha).slice(0, 8).map(digits).join(", ")}` : "";
  return { title: `${layerName(trace, index)}: φ is ${layer.activation.replace(/_/g, " ")}${alpha}`, parts };
}

export function loss(trace) {
  const { error, outputs, targets, prediction, target } = trace;
  return {
    title: "Error and loss",
    parts: [
      p(
        trace.samples > 1
          ? "Each column is one point."
          : `The network says ${told(prediction[0])}, the known target is ${told(target[0])}.`,
      ),
      block(
        mi("y"),
        mo("="),
        matrix(transposed(outputs)),
        mtext("  target "),
        mi("ŷ"),
        mo("="),
        matrix(transposed(targets)),
      ),
      block(mi("e"), mo("="), mi("ŷ"), mo("−"), mi("y"), mo("="), matrix(transposed(error.target_minus_output))),
      p(
        "In the lecture ŷ is the KNOWN target and y the network's output, so e = target − output. Elsewhere ŷ is usually the output, and the error has the other sign:",
      ),
      block(mtext("output − target = "), matrix(transposed(error.output_minus_target))),
      trace.rule === "perceptron"
        ? p("The perceptron rule needs no loss and no derivative.")
        : block(
            mi("E"),
            mo("="),
            FORMULAS[trace.loss.name] && [mtext(FORMULAS[trace.loss.name]), mo("=")],
            mn(trace.loss.value),
            mtext(`  (${words(trace.loss.name)}${trace.samples > 1 ? `, mean of ${trace.samples}` : ""})`),
          ),
    ],
  };
}
