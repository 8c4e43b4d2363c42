// The perceptron: its line over the examples, earlier lines, its mistakes and their bound, or why there is none.

import { h, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { verdict } from "./descriptions.js";
import { drawMistakes } from "./mistakes.js";
import { drawPlane } from "./plane.js";

const SUBSCRIPTION = { view: "perceptron", options: { last: 12 }, id: "perceptron" };

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.perceptron.tab"),
    line: t("panel.perceptron.line"),
    data: () => store.get()["view:perceptron"] ?? {},
    table: () => mistakesOf(store.get()["view:perceptron"]),
  });
  const note = h("p", { class: "panel-note" });
  const plane = h("canvas", { role: "img" });
  const count = h("canvas", { role: "img" });
  const facts = h("dl", { class: "facts" });
  const words = h("div", { class: "perceptron-words", "aria-live": "polite" });
  const pictures = h(
    "div",
    { class: "perceptron-pictures" },
    h("div", { class: "perceptron-plane" }, plane),
    h("div", { class: "chart perceptron-count" }, count),
  );
  shell.body.append(note, pictures, facts, words);
  const view = { store, shell, note, plane, count, facts, words, pictures };
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
  const { store, note, pictures, facts } = view;
  subscribe(store, "perceptron", SUBSCRIPTION);
  const frame = state["view:perceptron"]?.run === state.run?.id ? state["view:perceptron"] : null;
  const text = frame ? missingText(frame) : (state.viewError?.message ?? t("panel.perceptron.waiting"));
  setText(note, text);
  note.hidden = !text;
  pictures.hidden = facts.hidden = !frame?.rule;
  if (!frame) return;
  showVerdict(view.words, frame); // before the canvases: its height changes theirs
  if (!frame.rule) return;
  showFacts(facts, frame);
  drawPictures(view, frame, state);
}

function showVerdict(element, frame) {
  const { key, parts } = verdict(frame);
  if (element.dataset.key !== key) element.replaceChildren(...parts());
  element.dataset.key = key;
}

/** The plane for two inputs, and the mistakes where all of them are recorded. */
function drawPictures({ plane, count, pictures }, frame, state) {
  const [planar, recorded] = [frame.planar, Boolean(frame.way)];
  pictures.classList.toggle("alone", !(planar && recorded));
  plane.parentElement.hidden = !planar;
  count.parentElement.hidden = !recorded;
  if (planar) drawPlane(plane, frame, state);
  if (recorded) drawMistakes(count, frame, state.colours);
}

/** What cannot be shown, and why; empty where everything can. */
function missingText({ rule, obstacle, obstacle_code: code, way: trajectory, mistakes }) {
  if (!rule) return t(`panel.perceptron.obstacle.${code}`, {}, t("panel.perceptron.nothing", { reason: obstacle }));
  if (trajectory) return "";
  return mistakes === null ? t("panel.perceptron.no_curve_batch") : t("panel.perceptron.no_curve_changed");
}

function showFacts(list, frame) {
  const facts = factsOf(frame);
  if (list.children.length !== facts.length)
    list.replaceChildren(...facts.map(([name]) => h("div", {}, h("dt", { text: name }), h("dd", {}))));
  facts.forEach(([, value], i) => setText(list.children[i].lastChild, value));
}

/** Name and value of each number. */
function factsOf({ mistakes, uncounted, bound, separable, step, errors, samples, weights, bias }) {
  const unknownBound = separable ? t("panel.perceptron.none") : "–";
  const list = () => Array.from(weights, (value) => number(value)).join(", ");
  return [
    [t("panel.perceptron.mistakes"), mistakes === null ? "–" : `${uncounted ? "> " : ""}${integer(mistakes)}`],
    [t("panel.perceptron.bound"), bound === null ? unknownBound : integer(Math.floor(bound))],
    [t("panel.perceptron.examples"), integer(step)],
    [t("panel.perceptron.wrong"), `${integer(errors)} / ${integer(samples)}`],
    ["w", weights.length > 4 ? t("panel.perceptron.weights", { count: weights.length }) : list()],
    ["b", number(bias)],
  ];
}

/** A row per mistake, the last ones with their example and the line after it; one row where they are not recorded. */
function mistakesOf(frame) {
  if (!frame) return {};
  const { way: trajectory, step, samples, errors, separable, margin, radius, mistakes, bound } = frame;
  if (!trajectory) return [{ step, samples, errors, separable, margin, radius, mistakes, bound }];
  const { steps, points, lines } = trajectory;
  const first = steps.length - points.length; // the first mistake with its example and line
  return Array.from(steps, (at, i) => ({
    mistake: i + 1,
    step: at,
    ...(i >= first && { point: points[i - first], ...coefficients(lines, i - first + 1) }),
  }));
}

/** The weights and the bias of a line as columns. */
function coefficients(lines, row) {
  const width = lines.shape[1];
  const name = (k) => (k < width - 1 ? `w ${k + 1}` : "b");
  return Object.fromEntries(Array.from({ length: width }, (_, k) => [name(k), lines[row * width + k]]));
}
