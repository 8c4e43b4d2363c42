// All weights of a layer as one map of colours, for layers too large to draw every line.

import { css, diverging } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { integer, number, words } from "../../core/formats.js";
import { signedImage } from "../shared/heat-map.js";

const GRADIENT = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, i) => css(diverging(i / 16))).join(", ")})`;

/** A dialog with a layer's matrix: one column per unit, one row per input, the bias at the bottom; every layer can be chosen. */
export function heatMap({ parameters, points }, first) {
  if (!parameters?.layers[first]) return;
  const { layers, step } = parameters;
  const name = (layer) => (layer === layers.length - 1 ? "output" : `layer ${layer + 1}`);
  const choice = h("select", { class: "select small", "aria-label": "Layer shown", on: { change: () => show(Number(choice.value)) } }, layers.map((_, i) => h("option", { value: i, text: name(i) })));
  const title = h("h2");
  const box = h("div");
  const dialog = h("dialog", { class: "dialog heat-dialog" }, title, h("div", { class: "choice-row" }, choice), box, h("form", { method: "dialog" }, h("button", { class: "button", text: "Close" })));
  const show = (layer) => {
    const rows = [...layers[layer].weights, layers[layer].biases];
    title.textContent = `${words(name(layer))} at step ${integer(step)}: ${integer(rows.length - 1)} × ${integer(rows[0].length)} weights`;
    dialog.ariaLabel = title.textContent;
    box.replaceChildren(...(layer === 0 && points?.image && rows.length - 1 === points.image.rows * points.image.columns ? pictures(rows, points.image) : map(rows, layer)));
  };
  choice.value = first;
  show(first);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Where the inputs are pixels, each unit's weights in their places: what it looks for. */
function pictures(rows, { rows: height, columns: width }) {
  const reach = largest(rows.slice(0, -1).flat());
  const units = rows[0].map((_, unit) => {
    const values = Float32Array.from({ length: height * width }, (_, i) => rows[(height - 1 - Math.floor(i / width)) * width + (i % width)][unit]);
    const canvas = h("canvas", { class: "pixels", role: "img", width, height, "aria-label": `Weights of unit ${unit + 1}` });
    canvas.getContext("2d").drawImage(signedImage("weight-picture", values, height, width, { centre: 0, reach }), 0, 0);
    return h("figure", {}, canvas, h("figcaption", { text: `unit ${unit + 1}, bias ${number(rows.at(-1)[unit])}` }));
  });
  return [h("div", { class: "weight-pictures" }, units), ...scaleBar(reach, "Each picture is a unit: orange pixels raise its sum, blue ones lower it.")];
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);

const scaleBar = (reach, text) => [
  h("div", { class: "colour-bar" }, h("div", { class: "colour-ramp", style: { background: GRADIENT } }), h("div", { class: "colour-marks" }, [-reach, 0, reach].map((value) => h("span", { text: number(value) })))),
  h("p", { class: "aside", role: "status", text }),
];

function map(rows, layer) {
  const [height, width] = [rows.length, rows[0].length];
  const flat = Float32Array.from(rows.toReversed().flat());
  const reach = largest(flat);
  const scale = Math.max(1, Math.min(24, Math.floor(480 / Math.max(width, height))));
  const canvas = h("canvas", { role: "img", class: "heat-map", width: width * scale, height: height * scale, "aria-label": `Weights of layer ${layer + 1}: ${height - 1} inputs by ${width} units, from ${number(-reach)} to ${number(reach)}` });
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(signedImage("heat-map", flat, height, width, { centre: 0, reach }), 0, 0, canvas.width, canvas.height);
  const [bar, told] = scaleBar(reach, "Each column is a unit, each row what comes in; the last row holds the biases.");
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const [unit, source] = [Math.floor((offsetX / canvas.clientWidth) * width), Math.floor((offsetY / canvas.clientHeight) * height)];
    if (rows[source]?.[unit] !== undefined) told.textContent = `${source === height - 1 ? "bias" : `from ${source + 1}`} to unit ${unit + 1}: ${number(rows[source][unit])}`;
  });
  return [canvas, bar, told];
}
