// The policy over two of its observations: the most probable action, the probability of one action, or the entropy.

import { cividis, classColour, css, pack } from "../../core/colours.js";
import { h, setAttribute, setText } from "../../core/dom.js";
import { integer, number, percent } from "../../core/formats.js";
import { same, runIdentity } from "../../core/store.js";
import { drawAxes, nameAxes } from "../shared/axes.js";
import { classImage, paint } from "../shared/heat-map.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { t } from "../../core/text.js";

const TABLE = Array.from({ length: 256 }, (_, i) => pack(cividis(i / 255)));
const RAMP = `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, i) => css(cividis(i / 8))).join(", ")})`;
const MARGIN = { left: 42, right: 10, top: 8, bottom: 26 };
const MOST_PROBABLE = "surest";
const ENTROPY = "entropy";

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.policy.tab"),
    line: "",
    data: () => exported(store.get()["view:policy"]),
  });
  const set = (changes) => store.set({ policyOptions: { ...store.get().policyOptions, ...changes } });
  const select = (label, key) =>
    h("select", {
      class: "select small",
      "aria-label": label,
      on: { change: ({ target }) => set({ [key]: target.value }) },
    });
  const [shown, x, y] = [
    select(t("panel.policy.shown"), "shown"),
    select(t("panel.policy.x_axis"), "x"),
    select(t("panel.policy.y_axis"), "y"),
  ];
  shell.tools.append(shown);
  const canvas = h("canvas", { role: "img", class: "policy-map" });
  const box = h("div", { class: "policy-box" }, canvas);
  const bars = h("div", { class: "policy-means" });
  const legend = h("div", { class: "colour-bar" });
  const note = h("p", { class: "panel-note", text: t("panel.policy.waiting") });
  const beside = h(
    "div",
    { class: "policy-beside" },
    h("label", { class: "pick" }, t("panel.policy.x"), x),
    h("label", { class: "pick" }, t("panel.policy.y"), y),
    legend,
    bars,
  );
  const inside = h("div", { class: "policy-inside" }, box, beside);
  shell.body.append(note, inside);
  const view = { store, shell, shown, x, y, canvas, box, bars, legend, note, inside };
  return {
    name: "policy",
    section,
    moving: true,
    view,
    needs: ["view:policy", "policyOptions", "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { store, note, inside } = view;
  const chosen = { shown: MOST_PROBABLE, ...state.policyOptions };
  const frame = state["view:policy"]?.run === state.run?.id ? state["view:policy"] : null;
  const inputs = frame?.inputs ?? [];
  const both = inputs.includes(chosen.x) && inputs.includes(chosen.y) && chosen.x !== chosen.y;
  const subscription = { view: "policy", options: { axes: both ? `${chosen.x},${chosen.y}` : "auto" }, id: "policy" };
  if (!same(subscription, state.subscriptions.policy))
    store.set({ subscriptions: { ...state.subscriptions, policy: subscription } });
  note.hidden = Boolean(frame);
  inside.hidden = !frame;
  if (!frame) return;
  offer(view, frame, chosen);
  const count = frame.names.length;
  const kind =
    chosen.shown === ENTROPY || chosen.shown === MOST_PROBABLE || frame.names.includes(chosen.shown)
      ? chosen.shown
      : MOST_PROBABLE;
  view.shown.value = kind;
  map(view, frame, kind, state.colours);
  legendOf(view.legend, frame, kind);
  showMeans(view.bars, frame, count);
  setText(view.shell.subtitle, t("panel.policy.step", { step: integer(frame.step) }));
}

function offer({ shown, x, y, store }, frame, chosen) {
  const key = JSON.stringify([frame.names, frame.inputs]);
  if (shown.dataset.key !== key) {
    shown.dataset.key = key;
    shown.replaceChildren(
      h("option", { value: MOST_PROBABLE, text: t("panel.policy.most_probable") }),
      h("option", { value: ENTROPY, text: t("panel.policy.entropy") }),
      ...frame.names.map((name) =>
        h("option", { value: name, text: t("panel.policy.probability", { action: name }) }),
      ),
    );
    for (const select of [x, y])
      select.replaceChildren(...frame.inputs.map((name) => h("option", { value: name, text: name })));
  }
  if (document.activeElement !== x) x.value = frame.axes[0];
  if (document.activeElement !== y) y.value = frame.axes[1];
  // An axis was set to the other one: they are swapped.
  const equal = chosen.x && chosen.x === (chosen.y ?? frame.axes[1]);
  if (equal)
    store.set({ policyOptions: { ...chosen, y: chosen.x === frame.axes[1] ? frame.axes[0] : frame.axes[1] } });
  else if ((chosen.x && !chosen.y) || (!chosen.x && chosen.y))
    store.set({ policyOptions: { ...chosen, x: chosen.x ?? frame.axes[0], y: chosen.y ?? frame.axes[1] } });
}

function map({ canvas, box }, frame, kind, colours) {
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 80 || height < 80) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const area = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const [count, rows, columns] = frame.values.shape;
  const image =
    kind === MOST_PROBABLE
      ? classImage("policy", frame.values, count, rows, columns)
      : magnitudes(valuesOf(frame, kind), rows, columns, kind === ENTROPY ? frame.most : 1);
  paint(context, image, area.x, area.y, area.width, area.height);
  const axes = {
    x: frame.x,
    y: frame.y,
    toX: (v) => area.x + (area.width * (v - frame.x[0])) / (frame.x[1] - frame.x[0]),
    toY: (v) => area.y + area.height - (area.height * (v - frame.y[0])) / (frame.y[1] - frame.y[0]),
  };
  drawAxes(context, axes, area, colours);
  nameAxes(context, area, frame.axes, colours);
  setAttribute(
    canvas,
    "aria-label",
    t("panel.policy.description", {
      shown: nameOf(kind),
      axes: frame.axes.join(", "),
      step: frame.step,
      entropy: number(frame.mean_entropy),
      maximum: number(frame.most),
    }),
  );
}

function nameOf(kind) {
  if (kind === MOST_PROBABLE) return t("panel.policy.most_probable");
  return kind === ENTROPY ? t("panel.policy.entropy") : t("panel.policy.probability", { action: kind });
}

const valuesOf = (frame, kind) => {
  const size = frame.values.shape[1] * frame.values.shape[2];
  const action = frame.names.indexOf(kind);
  return kind === ENTROPY ? frame.entropy : frame.values.subarray(action * size, (action + 1) * size);
};

function magnitudes(values, rows, columns, most) {
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < values.length; i++) {
    const at = (rows - 1 - Math.floor(i / columns)) * columns + (i % columns);
    pixels[at] = Number.isFinite(values[i])
      ? TABLE[Math.min(255, Math.max(0, Math.round((255 * values[i]) / most)))]
      : 0;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function legendOf(element, frame, kind) {
  const key = JSON.stringify([kind === MOST_PROBABLE ? frame.names : kind === ENTROPY]);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.hidden = kind === MOST_PROBABLE; // the bars below have the colours of the actions
  const ends =
    kind === ENTROPY ? ["0", t("panel.policy.maximum_entropy", { value: number(frame.most) })] : ["0", "1"];
  element.replaceChildren(
    h("div", { class: "colour-ramp", style: { background: RAMP } }),
    h(
      "div",
      { class: "colour-marks" },
      ends.map((text) => h("span", { text })),
    ),
  );
}

/** Means over the states as bars with their numbers: the probability of each action, and the entropy. */
function showMeans(element, frame, count) {
  if (element.children.length !== count + 2 || element.dataset.names !== frame.names.join()) {
    element.dataset.names = frame.names.join();
    const line = (name, colour) =>
      h(
        "div",
        { class: "mean-row" },
        h("span", { text: name }),
        h("i", { class: "mean-track" }, h("i", { style: { background: colour } })),
        h("output", {}),
      );
    element.replaceChildren(
      h("p", { class: "aside" }),
      ...frame.names.map((name, i) => line(name, css(classColour(i)))),
      line(t("panel.policy.entropy"), "var(--accent)"),
    );
  }
  setText(element.firstChild, t("panel.policy.mean", { count: frame.states, number: integer(frame.states) }));
  const shares = [...frame.mean_policy, frame.mean_entropy / frame.most];
  [...element.children].slice(1).forEach((row, i) => {
    row.children[1].firstChild.style.width = `${100 * shares[i]}%`;
    setText(
      row.children[2],
      i < count ? percent(shares[i]) : t("panel.policy.nats", { value: number(frame.mean_entropy) }),
    );
  });
}

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
