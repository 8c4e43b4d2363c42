// Loss and metrics over the steps: drawn on a canvas until Plotly is loaded, then with Plotly.

import { h, setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { load } from "../../core/loading.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { curveNames, curvesOf, curveTitle, divergedAt, divergencePoint } from "./curves.js";
import { isLogarithmic, selectedCurve } from "./curves.js";

const INTERVAL = 160; // ms between two drawings with Plotly
const INTERVAL_PER_DURATION = 7; // the interval is at least this multiple of the time that one drawing took
const NEEDS = [
  "history", "catalogue", runIdentity, "curveTab", "logScale", "theme", "plotly", "layoutSize", divergedAt, "reference",
  "tries", "curvesBefore",
];

export function panel(section, { store, plotly, loop, actions }) {
  const shell = panelShell(section, {
    title: t("panel.curves.tab"),
    line: t("panel.curves.line"),
    data: () => jsonOf(store.get()),
  });
  const canvas = h("canvas", { role: "img", class: "curves-canvas" });
  const plot = h("div", { class: "curves-plot", role: "img" });
  const note = h("div", { class: "empty-note" }, h("p", { text: t("panel.curves.empty") }), h("button", {
    type: "button", class: "button", text: t("studio.bar.train.title"), on: { click: () => actions.toggle() },
  }));
  const choice = curveChoice(store);
  shell.body.append(h("div", { class: "curves-box" }, canvas, plot), note);
  const logarithmic = logarithmicSwitch(store);
  shell.tools.append(choice.select, logarithmic.button);
  const view = { shell, canvas, plot, store, loop, logarithmic };
  const panel = {
    name: "curves", section, moving: true, interval: 40, view,
    needs: NEEDS,
    draw: (state) => {
      const startTime = performance.now();
      choice.show(state);
      draw(view, state);
      note.hidden = view.count > 0 || state.history.columns.step.length > 0;
      panel.interval = window.Plotly ? Math.max(INTERVAL, INTERVAL_PER_DURATION * (performance.now() - startTime)) : 40;
    },
  };
  loadPlotly(store, plotly);
  return [panel];
}

function draw(view, state) {
  const { canvas, plot } = view;
  const curves = [...curvesOf(state), ...(state.referenceModule?.curvesOfReference(state) ?? []),
    ...(state.curvesBefore?.(state) ?? []), ...(state.tries?.curvesOfTries(state) ?? [])]
    .map((curve) => ({ colour: colourOf(curve.part, state.colours), ...curve }));
  view.count = curves.length;
  const end = divergencePoint(state, curves);
  const logScale = isLogarithmic(state, curves);
  view.logarithmic.show(logScale);
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (window.Plotly && curves.length) view.loadingPlot ??= loadPlotlyChart(view);
  const { drawPlot } = view;
  canvas.hidden = Boolean(drawPlot);
  plot.hidden = !drawPlot;
  setAttribute(drawPlot ? plot : canvas, "aria-label", describe(curves, state));
  if (drawPlot) return drawPlot(plot, curves, end, { ...state, logScale }, { width, height });
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  if (!view.drawCurves) return curves.length && (view.loading ??= loadCanvasChart(view));
  view.drawCurves(context, curves, { width, height, end, log: logScale, colours: state.colours });
}

async function loadCanvasChart(view) {
  const { drawCurves } = await load(() => import("./canvas-chart.js"));
  view.drawCurves = drawCurves;
  draw(view, view.store.get());
}

async function loadPlotlyChart(view) {
  const { store, plot, shell } = view;
  const modules = [() => import("./plotly-chart.js"), () => import("../shared/step-cursor.js")];
  const [{ drawPlot }, { plotCursor }] = await Promise.all(modules.map(load));
  view.drawPlot = drawPlot;
  draw(view, store.get());
  view.loop.add([plotCursor(plot, shell.section, store, () => curvesOf(store.get())[0]?.x ?? [])]);
  store.set({ plotly: "drawn" });
}

const colourOf = (part, { strong, accent, muted }) =>
  ({ train: strong, test: accent, validation: muted, mean: accent })[part];

function curveChoice(store) {
  const change = () => store.set({ curveTab: select.value });
  const label = t("panel.curves.choice");
  const select = h("select", { class: "select small", "aria-label": label, on: { change } });
  const show = (state) => {
    const names = curveNames(state);
    const titles = names.map((name) => curveTitle(state, name));
    if (select.dataset.titles !== titles.join()) {
      select.dataset.titles = titles.join();
      select.replaceChildren(...names.map((value, i) => h("option", { value, text: titles[i] })));
    }
    select.value = selectedCurve(state);
  };
  return { select, show };
}

/** The button of the logarithmic axis; until it is pressed the axis depends on the curve. */
function logarithmicSwitch(store) {
  const click = () => store.set({ logScale: button.getAttribute("aria-pressed") !== "true" });
  const button = h("button", {
    type: "button", class: "chip small", title: t("panel.curves.log.help"), on: { click },
  }, h("span", { text: t("panel.curves.log.title") }));
  const show = (isPressed) => setAttribute(button, "aria-pressed", String(isPressed));
  show(false);
  return { button, show };
}

function describe(curves, state) {
  if (!curves.length) return t("panel.curves.no_points");
  const texts = curves.map(({ part, title, x, y }) => {
    const values = { title, part: t(`panel.curves.part.${part}`), value: number(y.at(-1)), step: x.at(-1) };
    return t("panel.curves.description", values);
  });
  const step = divergedAt(state);
  if (step !== null) texts.push(t("panel.curves.diverged_at", { step }));
  return texts.join("; ");
}

function jsonOf({ history: { columns, metrics, attempt }, timeline }) {
  return { attempt, columns: { ...columns, ...metrics }, bookmarks: timeline?.bookmarks };
}

/** Loads Plotly (a large script) when the browser is idle; sets `plotly` to true, or to false if loading failed. */
export function loadPlotly(store, address) {
  const loaded = (plotly) => () => store.set({ plotly });
  const script = () => h("script", { src: address, async: true, on: { load: loaded(true), error: loaded(false) } });
  const append = () => document.head.append(script());
  const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 200));
  setTimeout(() => idle(append, { timeout: 2000 }), 400);
}
