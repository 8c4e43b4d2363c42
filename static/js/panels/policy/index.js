// The policy over two of its observations: the most probable action, the probability of one action, or the entropy.

import { h, setText } from "../../core/dom.js";
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
  const view = { store, shell, ...buildControls(store), ...buildPicture() };
  shell.tools.append(view.shown);
  shell.body.append(view.note, view.content);
  view.side.prepend(
    h("label", { class: "pick" }, t("panel.shared.axis.x"), view.x),
    h("label", { class: "pick" }, t("panel.shared.axis.y"), view.y),
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
function buildControls(store) {
  const set = (changes) => store.set({ policyOptions: { ...store.get().policyOptions, ...changes } });
  const select = (label, key) => {
    const change = ({ target }) => set({ [key]: target.value });
    return h("select", { class: "select small", "aria-label": label, on: { change } });
  };
  return {
    shown: select(t("panel.policy.shown"), "shown"),
    x: select(t("panel.shared.axis.horizontal"), "x"),
    y: select(t("panel.shared.axis.vertical"), "y"),
  };
}

/** The map with its legend and the mean values beside it. */
function buildPicture() {
  const canvas = h("canvas", { role: "img", class: "policy-map" });
  const box = h("div", { class: "policy-box" }, canvas);
  const legend = h("div", { class: "colour-bar" });
  const bars = h("div", { class: "policy-means" });
  const side = h("div", { class: "policy-beside" }, legend, bars);
  const note = h("p", { class: "panel-note", text: t("panel.policy.waiting") });
  return { canvas, box, legend, bars, side, note, content: h("div", { class: "policy-inside" }, box, side) };
}

function draw(view, state) {
  const { note, content } = view;
  const options = { shown: MOST_PROBABLE, ...state.policyOptions };
  const frame = state["view:policy"]?.run === state.run?.id ? state["view:policy"] : null;
  subscribeToAxes(view.store, options, frame?.inputs ?? []);
  note.hidden = Boolean(frame);
  content.hidden = !frame;
  if (!frame) return;
  const quantity = [ENTROPY, MOST_PROBABLE, ...frame.names].includes(options.shown) ? options.shown : MOST_PROBABLE;
  showOptions(view, frame, quantity);
  completeAxes(view.store, frame, options);
  drawMap(view, frame, quantity, state.colours);
  showLegend(view.legend, frame, quantity);
  showMeans(view.bars, frame);
  setText(view.shell.subtitle, t("panel.policy.step", { step: integer(frame.step) }));
}

/** Subscribes to the view over the selected axes, or over automatic ones where the selected are not usable. */
function subscribeToAxes(store, { x, y }, inputs) {
  const usable = inputs.includes(x) && inputs.includes(y) && x !== y;
  const subscription = { view: "policy", options: { axes: usable ? `${x},${y}` : "auto" }, id: "policy" };
  subscribe(store, "policy", subscription);
}

function showOptions({ shown, x, y }, frame, quantity) {
  const option = (value, text = value) => h("option", { value, text });
  const key = JSON.stringify([frame.names, frame.inputs]);
  if (shown.dataset.key !== key) {
    shown.dataset.key = key;
    const quantities = [MOST_PROBABLE, ENTROPY, ...frame.names];
    shown.replaceChildren(...quantities.map((name) => option(name, quantityName(name))));
    for (const select of [x, y]) select.replaceChildren(...frame.inputs.map((name) => option(name)));
  }
  shown.value = quantity;
  if (document.activeElement !== x) x.value = frame.axes[0];
  if (document.activeElement !== y) y.value = frame.axes[1];
}

/** Stores both axes as soon as one was selected. Where one was set to the other, they are swapped. */
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
  const at = (range, i, n) => range[0] + ((range[1] - range[0]) * i) / (n - 1);
  const table = {
    [frame.axes[0]]: cells.map((i) => at(frame.x, i % columns, columns)),
    [frame.axes[1]]: cells.map((i) => at(frame.y, Math.floor(i / columns), rows)),
    entropy: Array.from(frame.entropy),
  };
  for (let a = 0; a < count; a++)
    table[`probability of ${frame.names[a]}`] = cells.map((i) => frame.values[a * cells.length + i]);
  return { step: frame.step, held: frame.held, columns: table };
}
