// Loss and metrics over the steps. The module that draws them (chart.js) is loaded with the first curve.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { idle } from "../../core/idle.js";
import { load } from "../../core/loading.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { panelShell } from "../shared/panel.js";
import { curveNames, curveTitle, divergedAt, selectedCurve } from "./shown.js";

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
  const plot = h("div", { class: "curves-plot", role: "img", hidden: true });
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
      setProperty(note, "hidden", view.count > 0 || state.history.columns.step.length > 0);
      panel.interval = window.Plotly ? Math.max(INTERVAL, INTERVAL_PER_DURATION * (performance.now() - startTime)) : 40;
    },
  };
  loadPlotly(store, plotly);
  return [panel];
}

/** Draws the chart; its module is loaded with the first curve. */
function draw(view, state) {
  if (view.chart) return view.chart.drawChart(view, state);
  setAttribute(view.canvas, "aria-label", t("panel.curves.no_points"));
  if (hasCurves(state)) view.loading ??= loadChart(view);
}

const hasCurves = ({ history, reference, curvesBefore, tries }) =>
  history.columns.step.length || reference || curvesBefore || tries?.rows.length;

/** The first pictures of a training are drawn before this is loaded. */
async function loadChart(view) {
  await idle(100);
  view.chart = await load(() => import("./chart.js"));
  draw(view, view.store.get());
}

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
    setProperty(select, "value", selectedCurve(state));
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

function jsonOf({ history: { columns, metrics, attempt }, timeline }) {
  return { attempt, columns: { ...columns, ...metrics }, bookmarks: timeline?.bookmarks };
}

/** Loads Plotly (a large script) when the browser is idle, if necessary several times; then sets `plotly` to true. */
export function loadPlotly(store, address) {
  const request = () => new Promise((resolve, reject) => {
    document.head.append(h("script", { src: address, async: true, on: { load: resolve, error: reject } }));
  });
  idle(400, 2000).then(() => load(request)).then(() => store.set({ plotly: true }));
}
