// The perceptron: its decision line over the examples, earlier lines, its mistakes and their bound.

import { h, setProperty, setText } from "../../core/dom.js";
import { integer, number, numbers } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { describeSeparability } from "./descriptions.js";
import { drawMistakes } from "./mistakes.js";
import { drawPlane } from "./plane.js";

const SUBSCRIPTION = { view: "perceptron", options: { last: 12 }, id: "perceptron" };

export function panel(section, { store, actions, editable }) {
  const shell = panelShell(section, {
    title: t("panel.perceptron.tab"),
    line: t("panel.perceptron.line"),
    data: () => store.get()["view:perceptron"] ?? {},
    table: () => mistakesOf(store.get()["view:perceptron"]),
  });
  const note = h("p", { class: "panel-note" });
  const choose = chooseButton(store, actions);
  const again = againButton(store, actions);
  const plane = h("canvas", { role: "img" });
  const count = h("canvas", { role: "img" });
  const statistics = h("dl", { class: "perceptron-statistics" });
  const description = h("div", { class: "perceptron-description", "aria-live": "polite" });
  const plots = h("div", { class: "perceptron-plots" },
    h("div", { class: "perceptron-plane" }, plane), h("div", { class: "chart perceptron-count" }, count));
  shell.body.append(note, choose, again, plots, h("div", { class: "perceptron-side" }, statistics, description));
  const view = { store, shell, editable, note, choose, again, plane, count, statistics, description, plots };
  return {
    name: "perceptron",
    section,
    moving: true,
    view,
    needs: ["view:perceptron", "points", "theme", "layoutSize", "viewError", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { store, note, choose, again, plots, statistics } = view;
  subscribe(store, "perceptron", SUBSCRIPTION);
  const frame = state["view:perceptron"]?.run === state.run?.id ? state["view:perceptron"] : null;
  const text = frame ? missingText(frame) : (state.viewError?.message ?? t("panel.perceptron.waiting"));
  setText(note, text);
  setProperty(note, "hidden", !text);
  setProperty(choose, "hidden", !frame || frame.rule);
  const isRepairable = frame?.rule && !frame.way && !isContinued(frame);
  setProperty(again, "hidden", !isRepairable || !view.editable);
  setText(again, frame?.mistakes === null ? t("panel.perceptron.single") : t("panel.perceptron.again"));
  for (const part of [plots, statistics]) setProperty(part, "hidden", !frame?.rule);
  if (!frame) return;
  showDescription(view.description, frame); // before the plots are measured: its height reduces theirs
  if (!frame.rule) return;
  showStatistics(statistics, frame);
  drawPlots(view, frame, state);
}

/** Chooses the perceptron rule; it trains a single layer, one example at a time. */
function chooseButton(store, actions) {
  const click = () => {
    const { draft } = store.get();
    const optimizer = { name: "perceptron", learning_rate: null, schedule: { name: "constant" }, clip_norm: null };
    const automatic = { output_activation: "auto", loss: { name: "auto", delta: null } };
    actions.replace({ ...draft, ...automatic, layers: [], batch_size: 1, optimizer });
  };
  return h("button", { type: "button", class: "button panel-action", on: { click } },
    t("panel.perceptron.choose"));
}

/** Begins again with what the curve of mistakes needs: batch size 1, and no change of weights or learning rate. */
function againButton(store, actions) {
  const click = () => {
    if (store.get().draft.batch_size !== 1) actions.change("batch_size", 1, true);
    if (store.get().run.step) actions.reset();
  };
  return h("button", { type: "button", class: "button panel-action", hidden: true, on: { click } });
}

const isContinued = ({ assumptions }) => assumptions.some(({ code, holds }) => code === "continued" && !holds);

function showDescription(element, frame) {
  const { key, parts } = describeSeparability(frame);
  if (element.dataset.key !== key) element.replaceChildren(...parts());
  element.dataset.key = key;
}

/** The plane, for two inputs, and the chart of mistakes, where all of them are recorded. */
function drawPlots({ plane, count, plots }, frame, state) {
  const [planar, recorded] = [frame.planar, Boolean(frame.way)];
  plots.classList.toggle("single-plot", !(planar && recorded));
  setProperty(plane.parentElement, "hidden", !planar);
  setProperty(count.parentElement, "hidden", !recorded);
  if (planar) drawPlane(plane, frame, state);
  if (recorded) drawMistakes(count, frame, state.colours);
}

/** The reason why a plot is missing; empty where both are shown. */
function missingText(frame) {
  const { rule, obstacle, obstacle_code: code, way: trajectory, mistakes } = frame;
  if (!rule) return t(`panel.perceptron.obstacle.${code}`, {}, t("panel.perceptron.nothing", { reason: obstacle }));
  if (trajectory) return "";
  if (mistakes === null) return t("panel.perceptron.no_curve_batch");
  return isContinued(frame) ? t("panel.perceptron.no_curve_continued") : t("panel.perceptron.no_curve_changed");
}

function showStatistics(list, frame) {
  const statistics = statisticsOf(frame);
  if (list.children.length !== statistics.length)
    list.replaceChildren(...statistics.map(([name]) => h("div", {}, h("dt", { text: name }), h("dd", {}))));
  statistics.forEach(([, value], i) => setText(list.children[i].lastChild, value));
}

/** Name and value of each number. */
function statisticsOf({ mistakes, uncounted, bound, separable, step, errors, samples, weights, bias }) {
  const unknownBound = separable ? t("panel.perceptron.none") : "–";
  return [
    [t("panel.perceptron.mistakes"), mistakes === null ? "–" : `${uncounted ? "> " : ""}${integer(mistakes)}`],
    [t("panel.perceptron.bound"), bound === null ? unknownBound : integer(Math.floor(bound))],
    [t("panel.perceptron.examples"), integer(step)],
    [t("panel.perceptron.wrong"), `${integer(errors)} / ${integer(samples)}`],
    ["w", weights.length > 4 ? t("panel.perceptron.weights", { count: weights.length }) : numbers(weights)],
    ["b", number(bias)],
  ];
}

/** One row per mistake, the last ones with their example and line; a single row without recorded mistakes. */
function mistakesOf(frame) {
  if (!frame) return {};
  const { way: trajectory, step, samples, errors, separable, margin, radius, mistakes, bound } = frame;
  if (!trajectory) return [{ step, samples, errors, separable, margin, radius, mistakes, bound }];
  const { steps, points, lines } = trajectory;
  const first = steps.length - points.length; // the first mistake with its example and line
  return Array.from(steps, (step, i) => ({
    mistake: i + 1,
    step,
    ...(i >= first && { point: points[i - first], ...coefficients(lines, i - first + 1) }),
  }));
}

/** The weights and the bias of a line as columns. */
function coefficients(lines, row) {
  const width = lines.shape[1];
  const name = (k) => (k < width - 1 ? `w ${k + 1}` : "b");
  return Object.fromEntries(Array.from({ length: width }, (_, k) => [name(k), lines[row * width + k]]));
}
