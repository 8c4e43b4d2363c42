// The policy over two of its observations: the most probable action, the probability of one action, or the entropy.

import { h, setProperty, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { showLegend, showMeans } from "./bars.js";
import { drawMap } from "./map.js";
import { ENTROPY, MOST_PROBABLE, quantityName } from "./quantities.js";

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.policy.tab"),
    line: "",
    data: () => exported(store.get()["view:policy"]),
  });
  const view = { store, shell, ...buildSelects(store), ...buildContent() };
  shell.tools.append(view.quantitySelect);
  shell.body.append(view.note, view.content);
  view.side.prepend(
    h("label", { class: "inline-field" }, t("panel.shared.axis.x"), view.xSelect),
    h("label", { class: "inline-field" }, t("panel.shared.axis.y"), view.ySelect),
  );
  return {
    name: "policy",
    section,
    moving: true,
    view,
    needs: ["view:policy", "policyOptions", "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => draw(view, state),
  };
}

/** The selects of the quantity and of both axes. */
function buildSelects(store) {
  const set = (changes) => store.set({ policyOptions: { ...store.get().policyOptions, ...changes } });
  const select = (label, key) => {
    const change = ({ target }) => set({ [key]: target.value });
    return h("select", { class: "select small", "aria-label": label, on: { change } });
  };
  return {
    quantitySelect: select(t("panel.policy.shown"), "quantity"),
    xSelect: select(t("panel.shared.axis.horizontal"), "x"),
    ySelect: select(t("panel.shared.axis.vertical"), "y"),
  };
}

/** The map with its legend and the mean values beside it. */
function buildContent() {
  const canvas = h("canvas", { role: "img", class: "policy-map" });
  const box = h("div", { class: "policy-box" }, canvas);
  const legend = h("div", { class: "colour-bar" });
  const bars = h("div", { class: "policy-means" });
  const side = h("div", { class: "policy-side" }, legend, bars);
  const note = h("p", { class: "panel-note", text: t("panel.policy.waiting") });
  return { canvas, box, legend, bars, side, note, content: h("div", { class: "policy-content" }, box, side) };
}

function draw(view, state) {
  const { note, content } = view;
  const options = { quantity: MOST_PROBABLE, ...state.policyOptions };
  const frame = state["view:policy"]?.run === state.run?.id ? state["view:policy"] : null;
  subscribeToAxes(view.store, options, frame?.inputs ?? []);
  setProperty(note, "hidden", Boolean(frame));
  setProperty(content, "hidden", !frame);
  if (!frame) return;
  const exists = [ENTROPY, MOST_PROBABLE, ...frame.names].includes(options.quantity);
  const quantity = exists ? options.quantity : MOST_PROBABLE;
  showOptions(view, frame, quantity);
  completeAxes(view.store, frame, options);
  drawMap(view, frame, quantity, state.colours);
  showLegend(view.legend, frame, quantity);
  showMeans(view.bars, frame);
  setText(view.shell.subtitle, t("panel.policy.step", { step: integer(frame.step) }));
}

/** Subscribes to the view over the selected axes, or over automatic ones where the selected ones are not valid. */
function subscribeToAxes(store, { x, y }, inputs) {
  const isValid = inputs.includes(x) && inputs.includes(y) && x !== y;
  const subscription = { view: "policy", options: { axes: isValid ? `${x},${y}` : "auto" }, id: "policy" };
  subscribe(store, "policy", subscription);
}

function showOptions({ quantitySelect, xSelect, ySelect }, frame, quantity) {
  const option = (value, text = value) => h("option", { value, text });
  const key = JSON.stringify([frame.names, frame.inputs]);
  if (quantitySelect.dataset.key !== key) {
    quantitySelect.dataset.key = key;
    const quantities = [MOST_PROBABLE, ENTROPY, ...frame.names];
    quantitySelect.replaceChildren(...quantities.map((name) => option(name, quantityName(name))));
    for (const select of [xSelect, ySelect]) select.replaceChildren(...frame.inputs.map((name) => option(name)));
  }
  quantitySelect.value = quantity;
  if (document.activeElement !== xSelect) xSelect.value = frame.axes[0];
  if (document.activeElement !== ySelect) ySelect.value = frame.axes[1];
}

/** Stores both axes after one was selected. Selecting the other axis's input swaps them. */
function completeAxes(store, frame, options) {
  const [first, second] = frame.axes;
  const { x, y } = options;
  if (x && x === (y ?? second)) store.set({ policyOptions: { ...options, y: x === second ? first : second } });
  else if (Boolean(x) !== Boolean(y)) store.set({ policyOptions: { ...options, x: x ?? first, y: y ?? second } });
}

/** One row per cell of the map: both coordinates, the entropy and the probability of each action. */
function exported(frame) {
  if (!frame) return {};
  const [count, rows, columns] = frame.values.shape;
  const cells = Array.from({ length: rows * columns }, (_, i) => i);
  const coordinate = (range, i, n) => range[0] + ((range[1] - range[0]) * i) / (n - 1);
  const table = {
    [frame.axes[0]]: cells.map((i) => coordinate(frame.x, i % columns, columns)),
    [frame.axes[1]]: cells.map((i) => coordinate(frame.y, Math.floor(i / columns), rows)),
    entropy: Array.from(frame.entropy),
  };
  for (let a = 0; a < count; a++)
    table[`probability of ${frame.names[a]}`] = cells.map((i) => frame.values[a * cells.length + i]);
  return { step: frame.step, held: frame.held, columns: table };
}
