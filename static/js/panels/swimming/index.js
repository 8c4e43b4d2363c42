// "Go swimming?": a perceptron with weights set by sliders, and a table of z and y for all inputs.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { notationOf } from "../../core/notation.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { numberControl } from "../../studio/form/controls.js";
import { block, digits, factorNumber, mi, mn, mo, mtext, row } from "../shared/formulas.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";

const SUBSCRIPTION = { view: "sample_trace", options: { part: "train", batch: 8 }, id: "swimming" };
const NAMES = [t("panel.swimming.warm"), t("panel.swimming.empty"), t("panel.swimming.no_shark")];
const [SWIM, STAY] = [t("panel.swimming.swim"), t("panel.swimming.stay")];
const ROWS = 8; // all combinations of the inputs
const FIRST_SELECTED = 5; // the row (1, 0, 1)

export function panel(section, { store, actions }) {
  const shell = panelShell(section, {
    title: t("panel.swimming.title"),
    line: t("panel.swimming.line"),
    data: () => exported(store.get()["view:swimming"]),
  });
  const view = { store, actions, selected: FIRST_SELECTED, changes: new Map(), sending: false };
  view.sum = h("div", { class: "swim-sum", role: "status" });
  shell.body.append(buildSliders(view), view.sum, buildTable(view));
  return {
    name: "swimming",
    section,
    moving: true,
    view,
    needs: ["view:swimming", "theme", "notation", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

/** A slider per weight and for the bias, and the threshold. */
function buildSliders(view) {
  view.sliders = [0, 1, 2, "bias"].map((source) => buildSlider(view, source));
  view.threshold = h("output", {});
  const threshold = h("p", { class: "swim-threshold" }, t("panel.swimming.threshold"), " −b = ", view.threshold);
  const elements = view.sliders.map(({ element }) => element);
  return h("div", { class: "swim-weights" }, elements, threshold);
}

function buildSlider(view, source) {
  const field = {
    path: `swimming.${source}`,
    label: source === "bias" ? t("panel.swimming.bias") : `${NAMES[source]}, w${"₁₂₃"[source]}`,
    help: t("panel.swimming.help"),
    minimum: -6,
    maximum: 6,
    live: true,
    default: 0,
  };
  return numberControl(field, (value) => {
    if (typeof value !== "number") return;
    view.changes.set(source, value);
    send(view);
  });
}

/** Sends the changed weights, one request at a time; of several values set during a request the last is sent. */
async function send(view) {
  if (view.sending) return;
  view.sending = true;
  while (view.changes.size) {
    const weights = [...view.changes].map(([source, value]) => ({ layer: 0, unit: 0, source, value }));
    view.changes.clear();
    await view.actions.editWeights({ weights });
  }
  view.sending = false;
}

function buildTable(view) {
  const column = (text) => h("th", { scope: "col", text });
  view.prediction = column("");
  const columns = [...[...NAMES, "z"].map(column), view.prediction, column(t("panel.swimming.target"))];
  const head = h("tr", {}, columns);
  view.rows = Array.from({ length: ROWS }, (_, i) => buildRow(view, i));
  const table = h("table", { class: "swim-table" }, h("thead", {}, head), h("tbody", {}, view.rows));
  return h("div", { class: "swim-scroll" }, table);
}

/** A row; a click shows its weighted sum. The button makes the row usable with the keyboard. */
function buildRow(view, index) {
  const select = () => {
    view.selected = index;
    draw(view, view.store.get());
  };
  const button = h("button", { type: "button", class: "swim-row", on: { click: select } });
  const cells = Array.from({ length: 5 }, () => h("td", {}));
  return h("tr", { on: { click: select } }, h("td", {}, button), cells);
}

function draw(view, state) {
  subscribe(view.store, "swimming", SUBSCRIPTION);
  const frame = state["view:swimming"];
  if (!frame || frame.run !== state.run?.id || frame.samples !== ROWS) return;
  const [layer] = frame.layers;
  const values = [...layer.weights, layer.biases[0]];
  const { prediction } = notationOf(state);
  setText(view.prediction, prediction);
  if (!view.sending) view.sliders.forEach((slider, i) => slider.set(values[i]));
  setText(view.threshold, number(-values[3]));
  view.rows.forEach((row, i) => showRow(row, frame, i, i === view.selected));
  view.sum.replaceChildren(sumFormula(frame, view.selected, values, prediction));
}

const inputsOf = ({ inputs }, row) => Array.from(inputs.raw.subarray(3 * row, 3 * row + 3));

function showRow(tr, frame, row, selected) {
  const inputs = inputsOf(frame, row);
  const [z, y, target] = [frame.layers[0].z[row], frame.layers[0].a[row], frame.targets[row]];
  const [first, second, third, sum, output, expected] = tr.children;
  const button = first.firstChild;
  const label = t("panel.swimming.row", { inputs: NAMES.map((name, i) => `${name} ${inputs[i]}`).join(", ") });
  setAttribute(button, "aria-label", label);
  setAttribute(button, "aria-pressed", String(selected));
  [button, second, third].forEach((cell, i) => setText(cell, String(inputs[i])));
  setText(sum, number(z));
  setText(output, y === 1 ? `1 ${SWIM}` : `0 ${STAY}`);
  setText(expected, `${y === target ? "✓" : "✗"} ${target === 1 ? SWIM : STAY}`);
  tr.classList.toggle("selected", selected);
  tr.classList.toggle("wrong", y !== target);
  tr.classList.toggle("is-positive", y === 1);
}

/** z = w·x + b of one row as a formula with the numbers of the network, and the resulting prediction. */
function sumFormula(frame, index, values, prediction) {
  const [z, y] = [frame.layers[0].z[index], frame.layers[0].a[index]];
  const terms = inputsOf(frame, index).flatMap((input, i) => {
    const term = [factorNumber(values[i]), mo("·"), mn(String(input))];
    return i ? [mo("+"), ...term] : term;
  });
  const bias = [mo(values[3] < 0 ? "−" : "+"), mn(digits(Math.abs(values[3])))];
  const sum = [mi("z"), mo("="), ...terms, ...bias, mo("="), mn(z), mo(z >= 0 ? "≥" : "<"), mn("0")];
  const output = [mi(prediction), mo("="), mn(String(y)), mtext(`: ${y === 1 ? SWIM : STAY}`)];
  return block(row(...sum, mtext("  ⇒  "), ...output));
}

function exported(frame) {
  if (!frame) return {};
  const rows = Array.from({ length: frame.samples }, (_, row) => inputsOf(frame, row));
  const columns = Object.fromEntries(NAMES.map((name, i) => [name, rows.map((x) => x[i])]));
  return {
    step: frame.step,
    columns: {
      ...columns,
      z: Array.from(frame.layers[0].z),
      prediction: Array.from(frame.layers[0].a),
      target: Array.from(frame.targets),
    },
  };
}
