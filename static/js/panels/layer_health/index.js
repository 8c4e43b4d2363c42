// How every layer fares, now and over time, and what ails the training, with a remedy one click away.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number, words } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { diagnoses } from "./diagnoses.js";
import { createRing } from "./recorded-views.js";
import { columnsIn, drawRidges, QUANTITIES, stepAtHeight } from "./histograms-over-time.js";
import { layerTable } from "./table.js";
import { setCursorOnHover } from "../shared/step-cursor.js";
import { fitCanvas, panelShell } from "../shared/panel.js";

const NEEDS_PAUSE = (state) => state.run?.pause_when;

export function panel(section, { store, actions }) {
  const shell = panelShell(section, {
    title: "Health", line: "Every layer, now and over time",
    explain: "The table: the length of the loss's gradient in each layer, how far one step moves the weights compared with their size, the share of ReLU units that never answer, the share of values where the activation is flat, and how many independent directions the outputs have. Below: how the chosen values were distributed, one line per moment, the newest in front, with its mean ± standard deviation. What ails the training is named on the right, with the rule it was found by.",
    data: () => exported(store.get()["view:layer_health"], ring),
    table: () => ring.entries.map(({ step, layers }) => ({ step, layers })),
  });
  const ring = createRing();
  const table = layerTable();
  const canvas = h("canvas", { role: "img", class: "ridges" });
  const box = h("div", { class: "ridges-box" }, canvas);
  const found = diagnoses(store, actions);
  const note = h("p", { class: "panel-note", text: "Waiting for the first look into the layers." });
  const quantity = h("select", { class: "select small", "aria-label": "Values shown over time", on: { change: () => store.set({ healthQuantity: quantity.value }) } }, Object.entries(QUANTITIES).map(([value, text]) => h("option", { value, text })));
  shell.tools.append(quantity);
  const inside = h("div", { class: "health" }, h("div", { class: "health-layers" }, table.element, box), found.element);
  shell.body.append(note, inside);
  store.set({ subscriptions: { ...store.get().subscriptions, layer_health: "layer_health" } });
  setCursorOnHover(canvas, store, "health", (_, y) => stepAtHeight(ring.entries, y, canvas.clientHeight));
  const view = { store, shell, ring, table, canvas, box, found, note, inside };
  return {
    name: "layer_health", section, moving: true, view,
    needs: ["view:layer_health", "earlier:layer_health", "healthQuantity", "stepCursor", "theme", "layoutSize", "openTabs", NEEDS_PAUSE, runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw({ shell, ring, table, canvas, box, found, note, inside }, state) {
  const frame = state["view:layer_health"];
  const held = frame?.run === state.run?.id ? frame : null;
  note.hidden = Boolean(held);
  inside.hidden = !held;
  if (!held) return;
  ring.add(held);
  ring.recall(state["earlier:layer_health"]);
  table.show(held, ring.entries);
  found.show(held, state);
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 20 || height < 30) return;
  fitCanvas(canvas, width, height);
  const left = held.layers.length - columnsIn(width);
  setText(shell.subtitle, left > 0 ? `Over time: the last ${columnsIn(width)} layers; ${left} not drawn` : "Every layer, now and over time");
  const quantity = state.healthQuantity ?? "activations";
  drawRidges(canvas.getContext("2d"), ring.entries, quantity, { width, height, colours: state.colours, moment: state.stepCursor });
  setAttribute(canvas, "aria-label", describe(held, quantity, ring.entries.length));
}

function describe({ layers, step }, quantity, count) {
  const each = layers.map((layer) => `${layer.name} from ${number(layer[quantity].low)} to ${number(layer[quantity].high)}, mean ${number(layer[quantity].mean)}, spread ${number(layer[quantity].spread)}`);
  return `${words(quantity)} of each layer at ${count} moments up to step ${step}: ${each.join("; ")}`;
}

function exported(frame, ring) {
  if (!frame) return {};
  return { step: frame.step, layers: frame.layers, diagnoses: frame.diagnoses, over_time: ring.entries.map(({ step, layers }) => ({ step, layers })) };
}
