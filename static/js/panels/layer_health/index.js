// Layer health: statistics of every layer, their distributions over time, and the diagnoses of the training.
//
// The view (engine/views/layer_health.py) sends the numbers of one step. The panel records those of earlier steps
// and shows them in three parts: table.js, histograms-over-time.js and diagnoses.js.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { layerName } from "../shared/layer-names.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { recordedFrames } from "../shared/recorded-frames.js";
import { setCursorOnHover } from "../shared/step-cursor.js";
import { subscribe } from "../shared/subscribe.js";
import { diagnoses } from "./diagnoses.js";
import { drawHistograms, maxColumns, stepAtHeight } from "./histograms-over-time.js";
import { layerTable } from "./table.js";

const QUANTITIES = ["activations", "preactivations", "weights", "weight_gradients", "activation_gradients"];
const MAX_ENTRIES = 160;
const entryOf = ({ step, layers }) => ({ step, layers });
const identityOf = ({ run, attempt, layers }) => `${run}/${attempt}/${layers.map(({ units }) => units).join()}`;
const pauseConditions = (state) => state.run?.pause_when;

export function panel(section, { store, actions }) {
  const recorded = recordedFrames({ entryOf, identityOf, max: MAX_ENTRIES });
  const shell = panelShell(section, {
    title: t("panel.layer_health.tab"),
    line: t("panel.layer_health.line"),
    data: () => jsonOf(store.get()["view:layer_health"], recorded),
    table: () => recorded.entries.map(({ step, layers }) => ({ step, layers })),
  });
  const view = createView(shell, store, actions, recorded);
  subscribe(store, "layer_health", "layer_health");
  return {
    name: "layer_health", section, moving: true, view,
    needs: [
      "view:layer_health", "earlier:layer_health", "healthQuantity", "stepCursor", "theme", "layoutSize", "openTabs",
      pauseConditions, runConfig, runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

/** The elements: table and histograms on the left, diagnoses on the right, a note until the first frame. */
function createView(shell, store, actions, recorded) {
  const table = layerTable();
  const findings = diagnoses(store, actions);
  const canvas = h("canvas", { role: "img", class: "histograms-canvas" });
  const box = h("div", { class: "histograms-box" }, canvas);
  const note = h("p", { class: "panel-note", text: t("panel.layer_health.waiting") });
  const layers = h("div", { class: "health-layers" }, table.element, box);
  const content = h("div", { class: "health" }, layers, findings.element);
  shell.tools.append(quantityChoice(store));
  shell.body.append(note, content);
  setCursorOnHover(canvas, store, "health", (_, y) => stepAtHeight(recorded.entries, y, canvas.clientHeight));
  return { shell, recorded, table, canvas, box, findings, note, content };
}

function quantityChoice(store) {
  const change = () => store.set({ healthQuantity: select.value });
  const options = QUANTITIES.map((name) => h("option", { value: name, text: quantityName(name) }));
  const label = t("panel.layer_health.quantity.choice");
  const select = h("select", { class: "select small", "aria-label": label, on: { change } }, options);
  return select;
}

const quantityName = (name) => t(`panel.layer_health.quantity.${name}`);

function draw({ shell, recorded, table, canvas, box, findings, note, content }, state) {
  const latest = state["view:layer_health"];
  const frame = latest?.run === state.run?.id ? latest : null;
  note.hidden = Boolean(frame);
  content.hidden = !frame;
  if (!frame) return;
  recorded.add(frame);
  recorded.addEarlier(state["earlier:layer_health"]);
  table.show(frame, recorded.entries);
  findings.show(frame, state);
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 20 || height < 30) return;
  fitCanvas(canvas, width, height);
  showSubtitle(shell.subtitle, frame.layers.length, maxColumns(width));
  const quantity = state.healthQuantity ?? "activations";
  const { colours, stepCursor } = state;
  drawHistograms(canvas.getContext("2d"), recorded.entries, quantity, { width, height, colours, stepCursor });
  setAttribute(canvas, "aria-label", describe(frame, quantity, recorded.entries.length));
}

function showSubtitle(subtitle, layers, shown) {
  const omitted = layers - shown;
  const partly = t("panel.layer_health.partly_drawn", { shown, count: omitted });
  setText(subtitle, omitted > 0 ? partly : t("panel.layer_health.line"));
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

function jsonOf(frame, { entries }) {
  if (!frame) return {};
  const overTime = entries.map(({ step, layers }) => ({ step, layers }));
  return { step: frame.step, layers: frame.layers, diagnoses: frame.diagnoses, over_time: overTime };
}
