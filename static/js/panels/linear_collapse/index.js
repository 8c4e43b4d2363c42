// Linear collapse: the network and the single layer W x + b that is the product of its layers.

import { h, setAttribute, setProperty, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { drawAxes, drawAxisNames } from "../shared/axes.js";
import { drawCurve } from "../shared/curve1d.js";
import { paint, signedImage, traceLevel } from "../shared/heat-map.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { extent, outputScale, taskOf } from "../shared/scales.js";
import { subscribe } from "../shared/subscribe.js";
import { product } from "./formula.js";

const SUBSCRIPTION = { view: "linear_collapse", options: {}, id: "linear_collapse" };
const MARGIN = { left: 30, right: 6, top: 6, bottom: 22 }; // CSS pixels
const MIN_SIZE = 50; // CSS pixels of a map
const MAX_NAMES = 4;

export function panel(section, { store, actions, editable }) {
  const frame = () => store.get()["view:linear_collapse"];
  const shell = panelShell(section, {
    title: t("panel.linear_collapse.title"),
    line: t("panel.linear_collapse.line"),
    data: () => frame() ?? {},
    table: () => mapsOf(frame()),
  });
  const view = { store, ...elements(shell, editable && linearButton(store, actions)) };
  return {
    name: "linear_collapse", section, moving: true, view,
    needs: ["view:linear_collapse", "points", "theme", "layoutSize", "catalogue", "viewError", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function elements(shell, choose) {
  const deep = figure("");
  const single = figure(t("panel.linear_collapse.single"));
  const difference = h("p", { class: "collapse-difference", role: "status" });
  const label = t("panel.linear_collapse.matrices");
  const formula = h("div", { class: "collapse-formula", tabindex: 0, role: "region", "aria-label": label });
  const note = h("p", { class: "panel-note" });
  const pair = h("div", { class: "collapse-pair" }, deep.element, single.element);
  const side = h("div", { class: "collapse-side" }, difference, choose, formula);
  const content = h("div", { class: "collapse" }, pair, side);
  shell.body.append(note, content);
  return { deep, single, difference, formula, note, content, choose };
}

/** Makes all hidden layers linear, so that the network is a single layer. */
function linearButton(store, actions) {
  const click = () => {
    const { draft } = store.get();
    const layers = draft.layers.map((layer) => ({ ...layer, activation: "linear", alpha: null }));
    actions.replace({ ...draft, layers });
  };
  return h("button", { type: "button", class: "button small collapse-choose", on: { click } },
    t("panel.linear_collapse.choose"));
}

function figure(text) {
  const canvas = h("canvas", { role: "img" });
  const title = h("figcaption", { text });
  const map = h("div", { class: "collapse-map" }, canvas);
  return { canvas, title, element: h("figure", { class: "collapse-figure" }, title, map) };
}

function draw(view, state) {
  const { store, deep, single, difference, formula, note, content, choose } = view;
  subscribe(store, "linear_collapse", SUBSCRIPTION);
  const frame = state["view:linear_collapse"];
  const isCurrent = Boolean(frame) && frame.run === state.run?.id;
  setText(note, isCurrent ? "" : (state.viewError?.message ?? t("panel.linear_collapse.waiting")));
  setProperty(note, "hidden", isCurrent);
  setProperty(content, "hidden", !isCurrent);
  if (!isCurrent) return;
  // Text and formula before the maps are measured, which have the remaining height.
  setText(deep.title, t("panel.linear_collapse.deep", { count: frame.layers.length }));
  setText(difference, differenceText(frame, state.catalogue));
  difference.dataset.equal = String(frame.equal);
  if (choose) setProperty(choose, "hidden", !frame.bends.length);
  formula.replaceChildren(...product(frame));
  const isRegression = taskOf(state) === "regression";
  if (isRegression && state.run.config.dataset.standardize)
    formula.prepend(h("p", { class: "aside", text: t("panel.linear_collapse.standardised") }));
  const scale = isRegression ? { centre: 0, reach: extent(frame.maps.deep) || 1 } : outputScale(state, null);
  drawMap(deep.canvas, frame.maps, "deep", scale, state.colours);
  drawMap(single.canvas, frame.maps, "single", scale, state.colours);
}

/** The sentences on the largest difference between network and single layer, and its cause. */
function differenceText(frame, catalogue) {
  const { difference, tolerance, equal, bends } = frame;
  const values = { difference: number(difference), limit: number(tolerance), names: nonlinearNames(frame, catalogue) };
  const result = difference === null ? t("panel.linear_collapse.overflow")
    : equal ? t("panel.linear_collapse.equal", values)
    : !bends.length ? t("panel.linear_collapse.unexplained", values)
    : difference > tolerance ? t("panel.linear_collapse.nonlinear", values)
    : t("panel.linear_collapse.nonlinear_within", values);
  return `${comparedText(frame)} ${result}`;
}

function comparedText({ samples, part, compared }) {
  const values = { samples: integer(samples), part: t(`panel.shared.part.${part}`) };
  return compared === "outputs"
    ? t("panel.linear_collapse.compared_outputs", values)
    : t("panel.linear_collapse.compared_sums", values);
}

/** The titles of the activations that are not linear, each once. */
function nonlinearNames({ bends }, catalogue) {
  const title = (name) => catalogue?.activations?.find((entry) => entry.name === name)?.title ?? name;
  const names = [...new Set(bends.map(({ activation }) => title(activation)))];
  const shown = names.slice(0, MAX_NAMES).join(", ");
  return names.length > MAX_NAMES ? t("panel.linear_collapse.more", { names: shown }) : shown;
}

function drawMap(canvas, maps, name, scale, colours) {
  const { clientWidth, clientHeight } = canvas.parentElement;
  const size = Math.floor(Math.min(clientWidth, clientHeight || Infinity));
  if (size < MIN_SIZE) return;
  fitCanvas(canvas, size, size);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  const [width, height] = [size - MARGIN.left - MARGIN.right, size - MARGIN.top - MARGIN.bottom];
  const area = { x: MARGIN.left, y: MARGIN.top, width, height };
  const values = maps[name];
  const axes = axesOf(maps, values, scale, area);
  if (values.shape[0] === 1) drawCurve(context, { values }, area, axes, colours);
  else drawImage(context, values, name, scale, area);
  drawAxes(context, axes, area, colours);
  drawAxisNames(context, area, maps.axes, colours);
  setAttribute(canvas, "aria-label", description(maps, values, name));
}

/** The ranges of both axes and the conversions to canvas coordinates; with a single input, y is the output. */
function axesOf(maps, { shape: [rows] }, { reach }, area) {
  const [low, high] = rows === 1 ? [-reach * 1.2, reach * 1.2] : maps.y;
  return {
    x: maps.x,
    y: [low, high],
    toX: (x) => area.x + (area.width * (x - maps.x[0])) / (maps.x[1] - maps.x[0]),
    toY: (y) => area.y + area.height - (area.height * (y - low)) / (high - low),
  };
}

function drawImage(context, values, name, scale, area) {
  const [rows, columns] = values.shape;
  const image = signedImage(`collapse-${name}`, values, rows, columns, scale);
  paint(context, image, area.x, area.y, area.width, area.height);
  traceLevel(context, values, rows, columns, scale.centre, area);
  context.strokeStyle = "rgba(22,26,40,.8)";
  context.lineWidth = 1.3;
  context.stroke();
}

function description({ axes }, values, name) {
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const parameters = { axes: axes.join(", "), low: number(low), high: number(high) };
  return name === "deep"
    ? t("panel.linear_collapse.description_deep", parameters)
    : t("panel.linear_collapse.description_single", parameters);
}

/** Both outputs at every point of the maps. */
function mapsOf(frame) {
  if (!frame) return {};
  const { x, y, axes, deep, single } = frame.maps;
  const [rows, columns] = deep.shape;
  const position = ([low, high], count, i) => low + ((high - low) * i) / (count - 1);
  const horizontal = Array.from(deep, (_, i) => position(x, columns, i % columns));
  const vertical = Array.from(deep, (_, i) => position(y, rows, Math.floor(i / columns)));
  const inputs = { [axes[0]]: horizontal, ...(rows > 1 && { [axes[1]]: vertical }) };
  return { columns: { ...inputs, "the network": deep, "one layer": single } };
}
