// Loss and metrics over the steps: Plotly once it has arrived, a plain drawing of the same data until then.

import { h, setAttribute } from "../../core/dom.js";
import { metricNames, thin } from "../../core/history.js";
import { sourceOf } from "../../studio/problem.js";
import { runIdentity } from "../../core/store.js";
import { number, words } from "../../core/formats.js";
import { LARGE } from "../shared/axes.js";
import { drawLightCurves, MARGIN } from "./plain-chart.js";
import { plotCursor } from "../shared/step-cursor.js";
import { fitCanvas, panelShell } from "../shared/panel.js";

const PARTS = ["train", "validation", "test"];
const DASHES = { train: "solid", validation: "dot", test: "dash" };
const INTERVAL = 160;
const SHARE = 7; // Plotly may take at most one part in SHARE of the time

export function panel(section, { store, plotly }) {
  const shell = panelShell(section, {
    title: "Learning", line: "over the steps",
    explain: "The loss over whole parts of the data with the weights as they were at that step: solid for training, dashed for test, dotted for validation. A test curve that rises while the training curve falls means overfitting. Of a run that learns to act: the mean over the episodes of each step, and as a band where the middle eight tenths of them lie. Drag to zoom, double-click to return.",
    data: () => exported(store.get().history),
  });
  const canvas = h("canvas", { role: "img", class: "curves-light" });
  const plot = h("div", { class: "curves-plot", role: "img" });
  const note = h("p", { class: "empty-note", text: "Press Train: the curves begin here." });
  shell.body.append(h("div", { class: "curves-box" }, canvas, plot), note);
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Curve" });
  shell.tools.append(tabs, logSwitch(store));
  const view = { shell, canvas, plot, tabs, store };
  const panel = {
    name: "curves", section, moving: true, interval: 40, view,
    needs: ["history", "catalogue", runIdentity, "curveTab", "logScale", "theme", "plotly", "layoutSize", divergedAt],
    draw: (state) => {
      const began = performance.now();
      offerTabs(view, state);
      note.hidden = state.history.columns.step.length > 0;
      (window.Plotly ? drawPlotly : drawLight)(view, state);
      panel.interval = window.Plotly ? Math.max(INTERVAL, SHARE * (performance.now() - began)) : 40;
    },
  };
  loadPlotly(store, plotly);
  return [panel, plotCursor(plot, section, store, () => curvesOf(store.get())[0]?.x ?? [])];
}

function logSwitch(store) {
  const button = h("button", { type: "button", class: "chip small", title: "Logarithmic vertical axis", on: { click: () => store.set({ logScale: !store.get().logScale }) } }, h("span", { text: "Log" }));
  const show = (state) => setAttribute(button, "aria-pressed", String(state.logScale));
  show(store.get());
  store.watch(show);
  return button;
}

/** What there are curves of: the loss where there is one, and all metrics; before the first point those that will come. */
function namesOf({ history, catalogue, run }) {
  const { scores, judged } = sourceOf(catalogue, run?.config) ?? {};
  const measured = metricNames(history);
  if (!scores) return ["loss", ...measured];
  return [...new Set([judged, ...(measured.length ? measured : scores.map(({ name }) => name))])];
}

const shownOf = (state) => {
  const names = namesOf(state);
  return names.includes(state.curveTab) ? state.curveTab : names[0];
};

function offerTabs({ tabs, store }, state) {
  const names = namesOf(state);
  if (tabs.dataset.names !== names.join()) {
    tabs.dataset.names = names.join();
    const select = h("select", { class: "select small", "aria-label": "Curve shown", on: { change: () => store.set({ curveTab: select.value }) } }, names.map((name) => h("option", { value: name, text: words(name) })));
    tabs.replaceChildren(select);
  }
  tabs.firstChild.value = shownOf(state);
}

/** The curves to draw, one per part that was measured: {part, x, y}, thinned to what a screen can show. */
export function curvesOf(state) {
  const { history } = state;
  const shown = shownOf(state);
  const { step } = history.columns;
  if (history.metrics[`${shown}_mean`]) return [banded(history.metrics, shown, step)];
  return PARTS.map((part) => ({ part, shown, y: shown === "loss" ? history.columns[`${part}_loss`] : history.metrics[`${part}_${shown}`] }))
    .filter(({ y }) => y?.some((value) => value !== null))
    .map(({ part, shown: name, y }) => {
      const kept = thin(y);
      return { part, shown: name, x: kept.map((i) => step[i]), y: kept.map((i) => y[i]) };
    });
}

/** A mean over episodes with the band in which the middle eight tenths of them lie. */
function banded(metrics, shown, step) {
  const kept = thin(metrics[`${shown}_mean`]);
  const pick = (kind) => kept.map((i) => metrics[`${shown}_${kind}`][i]);
  return { part: "mean", shown, x: kept.map((i) => step[i]), y: pick("mean"), low: pick("p10"), high: pick("p90") };
}

const divergedAt = ({ run }) => (run?.status === "diverged" ? run.step : null);

/** Where to mark that the run diverged: at its step, as high as the curve was last; null where there is nothing to mark. */
function divergence(state, [curve]) {
  const [x, y] = [divergedAt(state), curve?.y.findLast(Number.isFinite)];
  return x === null || y === undefined ? null : { x, y };
}

const colourOf = (part, colours) => ({ train: colours.strong, test: colours.accent, validation: colours.muted, mean: colours.accent })[part];

function drawLight({ canvas, plot }, state) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  plot.hidden = true;
  fitCanvas(canvas, width, height);
  const curves = curvesOf(state);
  drawLightCurves(canvas.getContext("2d"), curves.map((curve) => ({ ...curve, colour: colourOf(curve.part, state.colours) })), { width, height, log: state.logScale, colours: state.colours, end: divergence(state, curves) });
  setAttribute(canvas, "aria-label", describe(curves, state));
}

function drawPlotly({ canvas, plot }, state) {
  const curves = curvesOf(state);
  canvas.hidden = true;
  plot.hidden = false;
  const { clientWidth: width, clientHeight: height } = plot.parentElement;
  window.Plotly.react(plot, [...traces(curves, state), ...endMark(divergence(state, curves), state)], layout(state, width, height, curves.length > 0), CONFIG);
  setAttribute(plot, "aria-label", describe(curves, state));
}

const CONFIG = {
  displaylogo: false, displayModeBar: false, responsive: false, plotlyServerURL: "", doubleClick: "reset",
  modeBarButtonsToRemove: ["sendChartToCloud", "select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "toImage"],
};

function traces(curves, { colours }) {
  return [...curves.filter(({ low }) => low).flatMap((curve) => band(curve, colours)), ...curves.map(({ part, shown, x, y }) => ({
    type: "scatter", mode: x.length < 3 ? "lines+markers" : "lines", name: part, x, y, hovertemplate: `${part} ${shown.replace(/_/g, " ")} %{y:.3g}<extra></extra>`,
    line: { color: colourOf(part, colours), width: 2, dash: DASHES[part] }, connectgaps: true,
  }))];
}

/** A cross at the step at which the run diverged; the legend names it. */
function endMark(end, { colours }) {
  return end ? [{ type: "scatter", mode: "markers", name: "diverged", x: [end.x], y: [end.y], hovertemplate: "diverged<extra></extra>", marker: { symbol: "x", size: SIZE, color: colours.warning }, cliponaxis: false }] : [];
}

/** Two edges and what lies between them. */
function band({ x, low, high }, colours) {
  const edge = (y, name, rest) => ({ type: "scatter", mode: "lines", x, y, name, line: { width: 0, color: colours.accent }, connectgaps: true, showlegend: false, hovertemplate: `${name} %{y:.3g}<extra></extra>`, ...rest });
  return [edge(low, "lowest tenth below"), edge(high, "highest tenth above", { fill: "tonexty", fillcolor: `color-mix(in srgb, ${colours.accent} 24%, transparent)` })];
}

const SIZE = 11 * LARGE;

function layout({ colours, logScale, curveTab, history, run }, width, height, visible) {
  const axis = { visible, gridcolor: colours.line, zerolinecolor: colours.line, linecolor: colours.line, tickfont: { size: SIZE, color: colours.muted }, automargin: false };
  return {
    width, height, margin: { l: MARGIN.left, r: MARGIN.right, t: MARGIN.top, b: MARGIN.bottom }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: SIZE, color: colours.text }, uirevision: `${run?.id}/${history.attempt}/${curveTab}/${logScale}`,
    xaxis: { ...axis, title: { text: "step", standoff: 4, font: { size: SIZE, color: colours.muted } }, rangemode: "tozero", unifiedhovertitle: { text: "step %{x:,d}" } },
    yaxis: { ...axis, type: logScale ? "log" : "linear", rangemode: logScale ? "normal" : "tozero", exponentformat: "e", nticks: 6 / LARGE },
    showlegend: true, legend: { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom", font: { size: SIZE, color: colours.text } },
    hovermode: "x unified", hoverlabel: { bgcolor: colours.panel, bordercolor: colours.line, font: { color: colours.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colours.muted, activecolor: colours.text }, dragmode: "zoom",
  };
}

function describe(curves, state) {
  if (!curves.length) return "No points yet: press Train.";
  const told = curves.map(({ part, shown, x, y }) => `${part} ${shown} ${number(y.at(-1))} at step ${x.at(-1)}`);
  return [...told, ...(divergedAt(state) === null ? [] : [`diverged at step ${divergedAt(state)}`])].join("; ");
}

function exported({ columns, metrics, attempt }) {
  return { attempt, columns: { ...columns, ...metrics } };
}

/** Loads Plotly, which is large, when the browser is idle; `store.plotly` becomes true when it is there, false when not. */
function loadPlotly(store, address) {
  const loaded = (plotly) => () => store.set({ plotly });
  const load = () => document.head.append(
    h("script", { src: address, async: true, on: { load: loaded(true), error: loaded(false) } }));
  const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 200));
  setTimeout(() => idle(load, { timeout: 2000 }), 400);
}
