// Layer health: statistics of every layer, their distributions over time, and the diagnoses of the training.
//
// The view (engine/views/layer_health.py) sends the numbers of one step. The panel records those of earlier steps
// and shows them in three parts: table.js, histograms-over-time.js and diagnoses.js.

import { h, setAttribute, setProperty, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { partText, showPart } from "../shared/data-part.js";
import { layerName } from "../shared/layer-names.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { recordedFrames } from "../shared/recorded-frames.js";
import { setCursorOnHover } from "../shared/step-cursor.js";
import { subscribe } from "../shared/subscribe.js";
import { diagnoses } from "./diagnoses.js";
import { drawHistograms, fullWidth, stepAtHeight } from "./histograms-over-time.js";
import { layerTable } from "./table.js";

const QUANTITIES = ["activations", "preactivations", "weights", "weight_gradients", "activation_gradients"];
const TABLE = "table"; // what a low panel shows in place of the histograms
const MAX_ENTRIES = 160;
const MAX_ROOMY = 3; // layers with space for higher rows
// CSS pixels of the table's head, of its lower rows, of the histograms with their key, and of those below findings
const LEAST = { head: 36, row: 17, histograms: 118, beside: 190 };
const entryOf = ({ step, layers }) => ({ step, layers });
const identityOf = ({ run, attempt, layers }) => `${run}/${attempt}/${layers.map(({ units }) => units).join()}`;
const pauseConditions = (state) => state.run?.pause_when;

export function panel(section, { store, actions }) {
  const recorded = recordedFrames({ entryOf, identityOf, max: MAX_ENTRIES });
  const shell = panelShell(section, {
    title: t("panel.layer_health.tab"),
    line: "",
    data: () => jsonOf(store.get()["view:layer_health"], recorded, store.get().reference),
    table: () => recorded.entries.map(({ step, layers }) => ({ step, layers })),
  });
  const view = createView(shell, store, actions, recorded);
  subscribe(store, "layer_health", "layer_health");
  return {
    name: "layer_health", section, moving: true, view,
    needs: [
      "view:layer_health", "earlier:layer_health", "healthQuantity", "stepCursor", "theme", "layoutSize", "openTabs",
      pauseConditions, runConfig, runIdentity, "reference",
    ],
    draw: (state) => draw(view, state),
  };
}

/** The elements: table and histograms on the left, diagnoses on the right, a note until the first frame. */
function createView(shell, store, actions, recorded) {
  const table = layerTable();
  const findings = diagnoses(store, actions);
  const canvas = h("canvas", { role: "img", class: "histograms-canvas" });
  const key = h("p", { class: "aside histograms-key" });
  const label = t("panel.layer_health.over_time");
  const box = h("div", { class: "histograms-box", tabindex: 0, role: "group", "aria-label": label }, canvas);
  const note = h("p", { class: "panel-note", text: t("panel.layer_health.waiting") });
  const layers = h("div", { class: "health-layers" }, table.element, key, box);
  const content = h("div", { class: "health" }, layers, findings.element);
  const choice = quantityChoice(store);
  shell.tools.append(choice);
  shell.body.append(note, content);
  setCursorOnHover(canvas, store, "health", (_, y) => stepAtHeight(recorded.entries, y, canvas.clientHeight));
  return { shell, recorded, table, key, canvas, box, findings, note, content, choice };
}

function quantityChoice(store) {
  const change = () => store.set({ healthQuantity: select.value });
  const options = [TABLE, ...QUANTITIES].map((name) => h("option", { value: name, text: quantityName(name) }));
  const label = t("panel.layer_health.quantity.choice");
  const select = h("select", { class: "select small", "aria-label": label, on: { change } }, options);
  return select;
}

const quantityName = (name) => t(`panel.layer_health.quantity.${name}`);

function draw(view, state) {
  const { shell, recorded, table, findings, note, content } = view;
  const latest = state["view:layer_health"];
  const frame = latest?.run === state.run?.id ? latest : null;
  setProperty(note, "hidden", Boolean(frame));
  setProperty(content, "hidden", !frame);
  if (!frame) return;
  recorded.add(frame);
  recorded.addEarlier(state["earlier:layer_health"]);
  table.show(frame, recorded.entries, state.reference && ((index) => state.referenceModule.healthOfA(state, index)));
  findings.show(frame, state);
  showPart(shell, t("panel.layer_health.over", { part: partText(frame.part, frame.samples) }));
  drawOverTime(view, frame, state);
}

/** Where the histograms are: below the table, beside it, or, in a low panel, in its place. Returns their quantity. */
function arrange({ content, choice }, count, healthQuantity) {
  const height = content.clientHeight;
  const isBelow = height - LEAST.head - LEAST.row * count >= LEAST.histograms;
  const isLow = !isBelow && height <= LEAST.beside;
  const quantity = healthQuantity ?? (isLow ? TABLE : QUANTITIES[0]);
  content.classList.toggle("many-layers", count > MAX_ROOMY);
  content.classList.toggle("beside", !isBelow && !isLow);
  content.classList.toggle("only-table", isLow && quantity === TABLE);
  content.classList.toggle("only-histograms", isLow && quantity !== TABLE);
  setProperty(choice.querySelector("option"), "hidden", !isLow);
  const shown = quantity === TABLE && !isLow ? QUANTITIES[0] : quantity;
  setProperty(choice, "value", shown);
  return shown;
}

/** The histograms over time; the box scrolls where the columns of all layers do not fit. */
function drawOverTime(view, frame, { healthQuantity, colours, stepCursor }) {
  const { recorded, key, canvas, box } = view;
  const count = frame.layers.length;
  const quantity = arrange(view, count, healthQuantity);
  if (quantity === TABLE) return;
  setText(key, t("panel.layer_health.key", { quantity: quantityName(quantity), step: integer(frame.step) }));
  const height = box.clientHeight;
  if (box.clientWidth < 20 || height < 30) return;
  const width = fullWidth(box.clientWidth, count);
  fitCanvas(canvas, width, height);
  drawHistograms(canvas.getContext("2d"), recorded.entries, quantity, { width, height, colours, stepCursor });
  setAttribute(canvas, "aria-label", describe(frame, quantity, recorded.entries.length));
}

function describe({ layers, step }, quantity, count) {
  const list = layers.map((layer, index) => {
    const { low, high, mean, spread } = layer[quantity];
    const values = { low: number(low), high: number(high), mean: number(mean), spread: number(spread) };
    return t("panel.layer_health.layer_description", { name: layerName(index, layers.length), ...values });
  });
  const values = { quantity: quantityName(quantity), count, step, layers: list.join("; ") };
  return t("panel.layer_health.description", values);
}

function jsonOf(frame, { entries }, a) {
  if (!frame) return {};
  const reference = a && { run: a.run, attempt: a.attempt, step: a.step, layers: a.frames.layer_health?.layers ?? [] };
  const overTime = entries.map(({ step, layers }) => ({ step, layers }));
  const { step, layers, diagnoses } = frame;
  return { step, layers, diagnoses, over_time: overTime, ...(a && { reference }) };
}
