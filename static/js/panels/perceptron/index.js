// The perceptron: its line over the points, the lines before it, and its mistakes beside the bound; or why no line can do.

import { h, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { panelShell } from "../shared/panel.js";
import { drawLines } from "./plane.js";
import { drawMistakes } from "./mistakes.js";
import { verdict } from "./descriptions.js";

const SUBSCRIPTION = { view: "perceptron", options: { last: 12 }, id: "perceptron" };

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Perceptron", line: "The line moves at mistakes only",
    explain: "Left: the examples, the line where w·x + b = 0 with its arrow towards class 1, the lines it has left (paler the older), and a ring around the example of the last mistake. Right: the mistakes so far over the examples shown, and Novikoff's bound on their number where the classes can be separated; where they cannot, which of its lines the perceptron has after each mistake. The margin γ is the distance of the origin from the hull of the signed examples with a 1 added for the bias, computed exactly.",
    data: () => store.get()["view:perceptron"] ?? {},
    table: () => mistakesOf(store.get()["view:perceptron"]),
  });
  const note = h("p", { class: "panel-note" });
  const plane = h("canvas", { role: "img" });
  const count = h("canvas", { role: "img" });
  const facts = h("dl", { class: "facts" });
  const words = h("div", { class: "perceptron-words", "aria-live": "polite" });
  const pictures = h("div", { class: "perceptron-pictures" }, h("div", { class: "perceptron-plane" }, plane), h("div", { class: "chart perceptron-count" }, count));
  shell.body.append(note, pictures, facts, words);
  const view = { store, shell, note, plane, count, facts, words, pictures };
  return {
    name: "perceptron", section, moving: true, view,
    needs: ["view:perceptron", "points", "theme", "layoutSize", "viewError", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { store, note, plane, count, pictures } = view;
  if (!same(SUBSCRIPTION, state.subscriptions.perceptron)) store.set({ subscriptions: { ...state.subscriptions, perceptron: SUBSCRIPTION } });
  const frame = state["view:perceptron"];
  const fits = Boolean(frame) && frame.run === state.run?.id;
  const said = fits ? missing(frame) : state.viewError?.message ?? "Waiting for the first line.";
  setText(note, said);
  note.hidden = !said;
  for (const part of [pictures, view.facts]) part.hidden = !(fits && frame.rule);
  if (!fits) return;
  const [left, right] = [frame.planar, Boolean(frame.way)];
  pictures.classList.toggle("alone", !(left && right));
  plane.parentElement.hidden = !left;
  count.parentElement.hidden = !right;
  // Words first: they take their room from the pictures.
  const told = verdict(frame);
  if (view.told !== told.text) view.words.replaceChildren(...told.parts());
  view.told = told.text;
  if (!frame.rule) return;
  tellFacts(view.facts, frame);
  if (left) drawLines(plane, frame, state);
  if (right) drawMistakes(count, frame, state.colours);
}

/** What cannot be shown, and why; nothing where all can. */
function missing({ rule, obstacle, way, mistakes }) {
  if (!rule) return `Nothing to count: ${obstacle}.`;
  if (way) return "";
  return `No curve of mistakes: ${mistakes === null ? "they are counted where the batch size is 1" : "weights or rate were changed on the way"}.`;
}

/** The numbers, each with its name. */
function tellFacts(list, frame) {
  const told = [
    ["Mistakes", frame.mistakes === null ? "–" : `${frame.uncounted ? "over " : ""}${integer(frame.mistakes)}`],
    ["Bound", frame.bound === null ? (frame.separable ? "none" : "–") : integer(Math.floor(frame.bound))],
    ["Examples shown", integer(frame.step)],
    ["Wrong now", `${integer(frame.errors)} of ${integer(frame.samples)}`],
    ["w", frame.weights.length > 4 ? `${frame.weights.length} weights` : Array.from(frame.weights, (value) => number(value)).join(", ")],
    ["b", number(frame.bias)],
  ];
  if (list.children.length !== told.length) list.replaceChildren(...told.map(([name]) => h("div", {}, h("dt", { text: name }), h("dd", {}))));
  told.forEach(([, value], i) => setText(list.children[i].lastChild, value));
}

/** A row per mistake, the last ones with the point and the line it left; without them what is known of the examples. */
function mistakesOf(frame) {
  if (!frame) return {};
  const { way, step, samples, errors, separable, margin, radius, mistakes, bound } = frame;
  if (!way) return [{ step, samples, errors, separable, margin, radius, mistakes, bound }];
  const untold = way.steps.length - way.points.length;
  const [, wide] = way.lines.shape;
  const line = (i) => Object.fromEntries(Array.from({ length: wide }, (_, k) => [k < wide - 1 ? `w ${k + 1}` : "b", way.lines[(i - untold + 1) * wide + k]]));
  return Array.from(way.steps, (at, i) => ({ mistake: i + 1, step: at, ...(i >= untold && { point: way.points[i - untold], ...line(i) }) }));
}
