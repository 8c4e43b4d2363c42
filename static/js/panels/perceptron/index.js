// The perceptron: its line over the examples, earlier lines, its mistakes and their bound, or why there is none.

import { h, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { panelShell } from "../shared/panel.js";
import { drawLines } from "./plane.js";
import { drawMistakes } from "./mistakes.js";
import { verdict } from "./descriptions.js";
import { t } from "../../core/text.js";

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
  const { store, note, plane, count, pictures } = view;
  if (!same(SUBSCRIPTION, state.subscriptions.perceptron))
    store.set({ subscriptions: { ...state.subscriptions, perceptron: SUBSCRIPTION } });
  const frame = state["view:perceptron"];
  const fits = Boolean(frame) && frame.run === state.run?.id;
  const said = fits ? missing(frame) : (state.viewError?.message ?? t("panel.perceptron.waiting"));
  setText(note, said);
  note.hidden = !said;
  for (const part of [pictures, view.facts]) part.hidden = !(fits && frame.rule);
  if (!fits) return;
  const [left, right] = [frame.planar, Boolean(frame.way)];
  pictures.classList.toggle("alone", !(left && right));
  plane.parentElement.hidden = !left;
  count.parentElement.hidden = !right;
  // The text first: its height changes that of the canvases.
  const told = verdict(frame);
  if (view.told !== told.text) view.words.replaceChildren(...told.parts());
  view.told = told.text;
  if (!frame.rule) return;
  showFacts(view.facts, frame);
  if (left) drawLines(plane, frame, state);
  if (right) drawMistakes(count, frame, state.colours);
}

/** What cannot be shown, and why; nothing where all can. */
function missing({ rule, obstacle, way, mistakes }) {
  if (!rule) return t("panel.perceptron.nothing", { reason: obstacle });
  if (way) return "";
  return mistakes === null ? t("panel.perceptron.no_curve_batch") : t("panel.perceptron.no_curve_changed");
}

/** The numbers, each with its name. */
function showFacts(list, frame) {
  const told = [
    [
      t("panel.perceptron.mistakes"),
      frame.mistakes === null ? "–" : `${frame.uncounted ? "> " : ""}${integer(frame.mistakes)}`,
    ],
    [
      t("panel.perceptron.bound"),
      frame.bound === null ? (frame.separable ? t("panel.perceptron.none") : "–") : integer(Math.floor(frame.bound)),
    ],
    [t("panel.perceptron.examples"), integer(frame.step)],
    [t("panel.perceptron.wrong"), `${integer(frame.errors)} / ${integer(frame.samples)}`],
    [
      "w",
      frame.weights.length > 4
        ? t("panel.perceptron.weights", { count: frame.weights.length })
        : Array.from(frame.weights, (value) => number(value)).join(", "),
    ],
    ["b", number(frame.bias)],
  ];
  if (list.children.length !== told.length)
    list.replaceChildren(...told.map(([name]) => h("div", {}, h("dt", { text: name }), h("dd", {}))));
  told.forEach(([, value], i) => setText(list.children[i].lastChild, value));
}

/** A row per mistake, the last ones with the point and the line it left; without them what is known of the examples. */
function mistakesOf(frame) {
  if (!frame) return {};
  const { way, step, samples, errors, separable, margin, radius, mistakes, bound } = frame;
  if (!way) return [{ step, samples, errors, separable, margin, radius, mistakes, bound }];
  const untold = way.steps.length - way.points.length;
  const [, wide] = way.lines.shape;
  const line = (i) =>
    Object.fromEntries(
      Array.from({ length: wide }, (_, k) => [
        k < wide - 1 ? `w ${k + 1}` : "b",
        way.lines[(i - untold + 1) * wide + k],
      ]),
    );
  return Array.from(way.steps, (at, i) => ({
    mistake: i + 1,
    step: at,
    ...(i >= untold && { point: way.points[i - untold], ...line(i) }),
  }));
}
