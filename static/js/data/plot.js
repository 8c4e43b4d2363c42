// A picture of some rows of a table: any two inputs, coloured by target; with one input, the target over it.

import { CLASSES, css, diverging } from "../core/colours.js";
import { h } from "../core/dom.js";
import { fitCanvas } from "../panels/shared/panel.js";

const MARKS = ["circle", "square", "triangle", "diamond", "cross"]; // nothing is told by colour alone
const EDGE = 34;

/** The plot with the choice of its axes; `answer` is what was understood. */
export function tablePlot({ inputs, sample, task, classes, target }) {
  const shown = inputs.slice(0, sample.inputs[0]?.length ?? 0);
  const canvas = h("canvas", { class: "data-plot", role: "img", "aria-label": `${sample.inputs.length} rows of the table as points` });
  const draw = () => requestAnimationFrame(() => canvas.isConnected && paint(canvas, { rows: sample.inputs, targets: sample.targets, task, names: [shown[x.value], y ? shown[y.value] : target[0]], x: Number(x.value), y: y ? Number(y.value) : -1 }));
  const axis = (label, value) => {
    const select = h("select", { class: "select", "aria-label": label, on: { change: draw } }, shown.map((name, index) => h("option", { value: index, text: name })));
    select.value = String(value);
    return select;
  };
  const x = axis("Horizontal axis", 0);
  const y = shown.length > 1 ? axis("Vertical axis", 1) : null;
  draw();
  return h("div", { class: "data-picture" }, canvas,
    h("div", { class: "data-axes" }, h("label", {}, "Across ", x), y && h("label", {}, "Up ", y), legend(task, classes)));
}

function legend(task, classes) {
  if (task === "regression") return h("p", { class: "data-note", text: "Colour: the target, blue high, orange low" });
  return h("ul", { class: "data-legend" }, (classes ?? []).slice(0, 12).map((name, index) => {
    const mark = h("canvas", { width: 18, height: 18, "aria-hidden": "true" });
    stamp(mark.getContext("2d"), 9, 9, task === "multilabel" ? 0 : index, css(CLASSES[index % CLASSES.length]), 6);
    return h("li", {}, mark, h("span", { text: name }));
  }));
}

function paint(canvas, { rows, targets, task, names, x, y }) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  const pairs = rows.map((row, i) => [row[x], y < 0 ? first(targets[i]) : row[y]]);
  const [across, up] = [0, 1].map((axis) => range(pairs.map((pair) => pair[axis])));
  const values = targets.map(first);
  const [low, high] = range(values);
  pairs.forEach(([a, b], i) => {
    const left = EDGE + ((width - EDGE - 10) * (a - across[0])) / (across[1] - across[0]);
    const top = height - EDGE - ((height - EDGE - 10) * (b - up[0])) / (up[1] - up[0]);
    const index = task === "multilabel" ? targets[i].findIndex((on) => on) : values[i];
    const colour = task === "regression" ? css(diverging((values[i] - low) / (high - low))) : index < 0 ? style.color : css(CLASSES[index % CLASSES.length]);
    stamp(context, left, top, task === "multiclass" || task === "binary" ? index : 0, colour, 3.4);
  });
  context.fillStyle = style.color;
  context.font = `12px ${style.fontFamily}`;
  context.textAlign = "center";
  context.fillText(short(names[0]), (width + EDGE) / 2, height - 6);
  context.fillText(digits(across[0]), EDGE + 8, height - 20);
  context.fillText(digits(across[1]), width - 22, height - 20);
  context.save();
  context.translate(11, (height - EDGE) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(short(names[1]), 0, 0);
  context.restore();
}

function stamp(context, x, y, kind, colour, r) {
  context.beginPath();
  const mark = MARKS[Math.max(0, kind) % MARKS.length];
  if (mark === "circle") context.arc(x, y, r, 0, 7);
  else if (mark === "square") context.rect(x - r, y - r, 2 * r, 2 * r);
  else if (mark === "triangle") context.lineTo(x, y - r * 1.2), context.lineTo(x + r * 1.1, y + r), context.lineTo(x - r * 1.1, y + r);
  else if (mark === "diamond") context.lineTo(x, y - r * 1.3), context.lineTo(x + r * 1.3, y), context.lineTo(x, y + r * 1.3), context.lineTo(x - r * 1.3, y);
  else context.rect(x - r * 1.3, y - r / 2.5, r * 2.6, r / 1.2), context.rect(x - r / 2.5, y - r * 1.3, r / 1.2, r * 2.6);
  context.fillStyle = colour;
  context.fill();
}

const first = (target) => (Array.isArray(target) ? target[0] : target);
const short = (name) => (name.length > 28 ? `${name.slice(0, 27)}…` : name);
const digits = (value) => String(Number(value.toPrecision(3)));

function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}
