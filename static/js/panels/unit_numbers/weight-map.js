// The dialog with all weights of a layer as a heat map; the graph does not draw every edge of large layers.

import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { signedImage } from "../shared/heat-map.js";
import { GRADIENT } from "../shared/legend.js";
import { fitsTable, weightTable } from "./weight-table.js";

/** Opens the dialog with layer `initial`: a column per unit, a row per input, the biases in the last row. */
export function heatMap({ parameters, points }, initial) {
  if (!parameters?.layers[initial]) return;
  const { layers, step } = parameters;
  const name = (layer) =>
    layer < layers.length - 1
      ? t("panel.unit_numbers.map.layer", { layer: layer + 1 })
      : t("panel.unit_numbers.map.output");
  const options = layers.map((_, i) => h("option", { value: i, text: name(i) }));
  const choice = h("select", { class: "select small", "aria-label": t("panel.unit_numbers.map.choice") }, options);
  choice.addEventListener("change", () => show(Number(choice.value)));
  const title = h("h2");
  const box = h("div");
  const close = h("form", { method: "dialog" }, h("button", { class: "button", text: t("page.close") }));
  const row = h("div", { class: "choice-row" }, choice);
  const dialog = h("dialog", { class: "dialog heat-dialog" }, title, row, box, close);
  const show = (layer) => {
    const rows = [...layers[layer].weights, layers[layer].biases];
    const size = { inputs: integer(rows.length - 1), units: integer(rows[0].length) };
    title.textContent = t("panel.unit_numbers.map.title", { name: name(layer), step: integer(step), ...size });
    dialog.ariaLabel = title.textContent;
    box.replaceChildren(...content(rows, layer, points));
  };
  choice.value = initial;
  show(initial);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Images where the inputs are pixels, a table of a small matrix, else a map of one pixel per weight. */
function content(rows, layer, points) {
  const image = points?.image;
  const isImage = layer === 0 && image && rows.length - 1 === image.rows * image.columns;
  if (isImage) return images(rows, image);
  return fitsTable(rows) ? table(rows, layer, points?.features) : matrix(rows, layer);
}

/** Each unit's weights as an image, every weight at the position of its pixel. */
function images(rows, { rows: height, columns: width }) {
  const reach = largest(rows.slice(0, -1).flat());
  const rowOf = (i) => rows[(height - 1 - Math.floor(i / width)) * width + (i % width)];
  const figures = rows[0].map((_, unit) => {
    const values = Float32Array.from({ length: height * width }, (_, i) => rowOf(i)[unit]);
    const label = t("panel.unit_numbers.map.unit_weights", { unit: unit + 1 });
    const canvas = h("canvas", { class: "pixels", role: "img", width, height, "aria-label": label });
    const image = signedImage("weight-picture", values, height, width, { centre: 0, reach });
    canvas.getContext("2d").drawImage(image, 0, 0);
    const text = t("panel.unit_numbers.map.unit", { unit: unit + 1, bias: number(rows.at(-1)[unit]) });
    return h("figure", {}, canvas, h("figcaption", { text }));
  });
  return [h("div", { class: "weight-pictures" }, figures), ...scaleBar(reach, t("panel.unit_numbers.map.images_help"))];
}

const largest = (values) => values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);

function scaleBar(reach, text) {
  const marks = [-reach, 0, reach].map((value) => h("span", { text: number(value) }));
  const ramp = h("div", { class: "colour-ramp", style: { background: GRADIENT } });
  return [
    h("div", { class: "colour-bar" }, ramp, h("div", { class: "colour-marks" }, marks)),
    h("p", { class: "aside", role: "status", text }),
  ];
}

function description(rows, layer, reach) {
  const size = { layer: layer + 1, inputs: rows.length - 1, units: rows[0].length };
  return t("panel.unit_numbers.map.description", { ...size, low: number(-reach), high: number(reach) });
}

function table(rows, layer, features) {
  const reach = largest(rows.flat());
  const [bar, note] = scaleBar(reach, t("panel.unit_numbers.map.matrix_help"));
  const show = (source, unit) => (note.textContent = cellText(rows, source, unit));
  return [weightTable(rows, { layer, features, reach, label: description(rows, layer, reach) }, show), bar, note];
}

function matrix(rows, layer) {
  const [height, width] = [rows.length, rows[0].length];
  const values = Float32Array.from(rows.toReversed().flat());
  const reach = largest(values);
  const scale = Math.max(1, Math.min(24, Math.floor(480 / Math.max(width, height))));
  const canvas = h("canvas", {
    role: "img", class: "heat-map", width: width * scale, height: height * scale,
    "aria-label": description(rows, layer, reach),
  });
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  const image = signedImage("heat-map", values, height, width, { centre: 0, reach });
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [bar, note] = scaleBar(reach, t("panel.unit_numbers.map.matrix_help"));
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const unit = Math.floor((offsetX / canvas.clientWidth) * width);
    const source = Math.floor((offsetY / canvas.clientHeight) * height);
    if (rows[source]?.[unit] !== undefined) note.textContent = cellText(rows, source, unit);
  });
  return [canvas, bar, note];
}

function cellText(rows, source, unit) {
  const values = { source: source + 1, unit: unit + 1, value: number(rows[source][unit]) };
  const isBias = source === rows.length - 1;
  return isBias ? t("panel.unit_numbers.map.bias", values) : t("panel.unit_numbers.map.weight", values);
}
