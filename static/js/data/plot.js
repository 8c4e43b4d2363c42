// A scatter plot of some rows of an imported table: two inputs coloured by the target, or the target over one input.

import { classColour, css, diverging } from "../core/colours.js";
import { h } from "../core/dom.js";
import { number } from "../core/formats.js";
import { t } from "../core/text.js";
import { fitCanvas } from "../panels/shared/panel.js";
import { drawGlyph, glyph } from "../panels/shared/shapes.js";
import { select } from "./columns.js";

const MARGIN = 34; // CSS pixels for the names of the axes
const PADDING = 10;
const MAX_CLASSES = 12; // in the legend
const MAX_NAME = 28;

/** The plot with the choice of its axes; `answer` is the description of the import. */
export function tablePlot({ inputs, sample, task, classes, target }) {
  const names = inputs.slice(0, sample.inputs[0]?.length ?? 0);
  const label = t("data.plot.label", { rows: sample.inputs.length });
  const canvas = h("canvas", { class: "data-plot", role: "img", "aria-label": label });
  const axis = (title, index) => select(names.map((name, i) => [i, name]), String(index), draw, title);
  const x = axis(t("panel.shared.axis.horizontal"), 0);
  const y = names.length > 1 ? axis(t("panel.shared.axis.vertical"), 1) : null;
  function draw() {
    const [column, row] = [Number(x.value), y ? Number(y.value) : -1]; // -1: the target
    const points = sample.inputs.map((values, i) => [values[column], y ? values[row] : first(sample.targets[i])]);
    const plot = { points, targets: sample.targets, task, names: [names[column], y ? names[row] : target[0]] };
    requestAnimationFrame(() => canvas.isConnected && paint(canvas, plot));
  }
  draw();
  return h("div", { class: "data-picture" }, canvas, h("div", { class: "data-axes" },
    h("label", {}, t("panel.shared.axis.horizontal"), " ", x),
    y && h("label", {}, t("panel.shared.axis.vertical"), " ", y), legend(task, classes)));
}

function legend(task, classes) {
  if (task === "regression") return h("p", { class: "data-note", text: t("data.plot.colours") });
  return h("ul", { class: "data-legend" }, (classes ?? []).slice(0, MAX_CLASSES).map((name, index) => {
    const mark = glyph(task === "multilabel" ? 0 : index, "train", css(classColour(index)));
    return h("li", {}, mark, h("span", { text: name }));
  }));
}

function paint(canvas, { points, targets, task, names }) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  const { color, fontFamily } = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  const [xs, ys] = [0, 1].map((axis) => range(points.map((point) => point[axis])));
  const colour = colours(targets, task, color);
  points.forEach(([x, y], i) => {
    const left = MARGIN + ((width - MARGIN - PADDING) * (x - xs[0])) / (xs[1] - xs[0]);
    const top = height - MARGIN - ((height - MARGIN - PADDING) * (y - ys[0])) / (ys[1] - ys[0]);
    drawGlyph(context, task === "multiclass" || task === "binary" ? targets[i] : 0, "train", left, top, 3.4, colour(i));
  });
  context.fillStyle = color;
  context.font = `12px ${fontFamily}`;
  nameAxes(context, names, xs, { width, height });
}

/** The colour of a row: of the target's value, of its class, or of its first label. */
function colours(targets, task, none) {
  const values = targets.map(first);
  const [low, high] = range(values);
  return (i) => {
    if (task === "regression") return css(diverging((values[i] - low) / (high - low)));
    const index = task === "multilabel" ? targets[i].findIndex((on) => on) : values[i];
    return index < 0 ? none : css(classColour(index));
  };
}

function nameAxes(context, [horizontal, vertical], [low, high], { width, height }) {
  context.textAlign = "center";
  context.fillText(short(horizontal), (width + MARGIN) / 2, height - 6);
  context.fillText(number(low), MARGIN + 8, height - 20);
  context.fillText(number(high), width - 22, height - 20);
  context.save();
  context.translate(11, (height - MARGIN) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(short(vertical), 0, 0);
  context.restore();
}

const first = (target) => (Array.isArray(target) ? target[0] : target);
const short = (name) => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name);

function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}
