// The codes of an autoencoder as points, with a colour and a mark per class.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { percent } from "../../core/formats.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { withClassTitles } from "../shared/class-titles.js";
import { partText, showPart } from "../shared/data-part.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { glyph } from "../shared/shapes.js";
import { scatter } from "./scatter.js";

const VIEW = "view:bottleneck";

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.bottleneck.tab"),
    line: t("panel.bottleneck.line"),
    data: () => exported(store.get()[VIEW]),
  });
  const canvas = h("canvas", { role: "img", class: "bottleneck-canvas" });
  const box = h("div", { class: "bottleneck-box", hidden: true }, canvas);
  const key = h("p", { class: "bottleneck-key" });
  const note = h("p", { class: "panel-note", text: t("panel.bottleneck.waiting") });
  shell.body.append(note, box, key);
  store.set({ subscriptions: { ...store.get().subscriptions, bottleneck: "bottleneck" } });
  const view = { shell, canvas, box, key, note };
  return {
    name: "bottleneck",
    section,
    moving: true,
    view,
    needs: [VIEW, "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw({ shell, canvas, box, key, note }, state) {
  const isCurrent = state[VIEW] && state[VIEW].run === state.run?.id;
  const frame = isCurrent ? withAxisNames(withClassTitles(state, state[VIEW])) : null;
  setProperty(note, "hidden", Boolean(frame));
  for (const part of [box, key]) setProperty(part, "hidden", !frame);
  if (!frame) return;
  const part = partText(frame.part, frame.codes.shape[0]);
  showPart(shell, t("panel.bottleneck.over", { axes: axesText(frame), part }));
  showKey(key, frame);
  const values = { count: frame.codes.shape[0], axes: frame.axes.join(", ") };
  setAttribute(canvas, "aria-label", t("panel.bottleneck.description", values));
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 40 || height < 40) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const pairs = axisPairs(frame.axes);
  plotAreas(pairs.length, width, height).forEach((area, i) =>
    scatter(context, frame, pairs[i], area, state.colours),
  );
}

const withAxisNames = (frame) => frame && { ...frame, axes: frame.axes.map((_, i) => axisName(frame, i + 1)) };

const axisName = ({ projected }, index) =>
  projected ? t("panel.shared.component", { index }) : t("panel.shared.weight.unit", { index });

function axesText({ projected, units, axes }) {
  return projected
    ? t("panel.bottleneck.projected", { units, count: axes.length })
    : t("panel.bottleneck.units", { count: units });
}

/** The share of the variance that the axes explain, the glyph of each class, and how many neighbours have it. */
function showKey(key, { projected, explained, classes, kinds, purity, neighbours }) {
  const sum = projected && explained.reduce((total, share) => total + share, 0);
  const variance = projected ? t("panel.bottleneck.variance", { share: percent(sum) }) : "";
  const names = (kinds && classes) || [];
  const agreement = Number.isFinite(purity?.codes) ? t("panel.bottleneck.purity",
    { count: neighbours, codes: percent(purity.codes), components: percent(purity.components) }) : "";
  const identity = JSON.stringify([variance, names, agreement]);
  if (key.dataset.key === identity) return;
  key.dataset.key = identity;
  key.replaceChildren(variance, ...names.map((name, i) => h("span", { class: "class-key" }, glyph(i, "train"), name)),
    h("span", { class: "bottleneck-purity", text: agreement }));
}

/** The axes of each plot: two plots with a common vertical axis for three dimensions, else one. */
function axisPairs({ length }) {
  if (length < 3) return [[0, length - 1]];
  return [
    [0, 1],
    [2, 1],
  ];
}

/** Areas side by side, or below each other where the canvas is tall. */
function plotAreas(count, width, height) {
  const wide = width > height * 1.1;
  const [columns, rows] = wide ? [count, 1] : [1, count];
  return Array.from({ length: count }, (_, i) => ({
    x: (wide ? (i * width) / columns : 0) + 6,
    y: (wide ? 0 : (i * height) / rows) + 4,
    width: width / columns - 12,
    height: height / rows - 10,
  }));
}

function exported(frame) {
  if (!frame) return {};
  const { codes, kinds, axes, explained, classes, purity, step } = frame;
  const [count, dimensions] = codes.shape;
  const rounded = (value) => Number(value.toPrecision(7));
  const column = (axis) => Array.from({ length: count }, (_, row) => rounded(codes[row * dimensions + axis]));
  const columns = Object.fromEntries(axes.map((name, axis) => [name, column(axis)]));
  return {
    name: "bottleneck",
    step,
    explained: explained && Array.from(explained),
    purity,
    columns: kinds ? { ...columns, class: Array.from(kinds, (kind) => classes[kind]) } : columns,
  };
}
