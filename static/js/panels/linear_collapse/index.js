// Linear collapse: the deep network and the single layer its matrices multiply to, side by side, and their difference.

import { h, setAttribute, setText } from "../../core/dom.js";
import { integer, number, words } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { drawAxes, nameAxes } from "../shared/axes.js";
import { drawCurve } from "../shared/curve1d.js";
import { paint, signedImage, traceLevel } from "../shared/heat-map.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { extent, outputScale, taskOf } from "../shared/scales.js";
import { block, letter, matrix, mi, mo, mtext, row, transposed, under } from "../shared/formulas.js";

const SUBSCRIPTION = { view: "linear_collapse", options: {}, id: "linear_collapse" };
const SCALED =
  "Answers are shown as the network learns them: 0 is the mean of the targets, 1 their standard deviation.";
const MARGIN = { left: 30, right: 6, top: 6, bottom: 22 };

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: "Linear collapse",
    line: "The network, and its layers multiplied into one",
    explain:
      "Left: what the network answers over the inputs. Right: what the one layer W x + b answers whose matrix is the product of all the network's matrices, made in double precision. The difference is the largest over the points named; the tolerance is what rounding alone can make of it: the number of roundings on the way times the precision times the sum of the sizes of all products.",
    data: () => store.get()["view:linear_collapse"] ?? {},
    table: () => mapsOf(store.get()["view:linear_collapse"]),
  });
  const make = (text) => {
    const canvas = h("canvas", { role: "img" });
    const title = h("figcaption", { text });
    return {
      canvas,
      title,
      element: h("figure", { class: "collapse-figure" }, title, h("div", { class: "collapse-map" }, canvas)),
    };
  };
  const deep = make("The network");
  const single = make("One layer, W x + b");
  const difference = h("p", { class: "collapse-difference", role: "status" });
  const formula = h("div", { class: "collapse-formula", tabindex: 0, role: "region", "aria-label": "The matrices" });
  const note = h("p", { class: "panel-note" });
  const pair = h("div", { class: "collapse-pair" }, deep.element, single.element);
  shell.body.append(note, pair, difference, formula);
  const view = { store, deep, single, difference, formula, note, pair };
  return {
    name: "linear_collapse",
    section,
    moving: true,
    view,
    needs: [
      "view:linear_collapse",
      "points",
      "theme",
      "layoutSize",
      "catalogue",
      "viewError",
      runConfig,
      runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { store, deep, single, difference, formula, note, pair } = view;
  if (!same(SUBSCRIPTION, state.subscriptions.linear_collapse))
    store.set({ subscriptions: { ...state.subscriptions, linear_collapse: SUBSCRIPTION } });
  const frame = state["view:linear_collapse"];
  const fits = Boolean(frame) && frame.run === state.run?.id;
  setText(note, fits ? "" : (state.viewError?.message ?? "Waiting for the first product."));
  note.hidden = fits;
  for (const part of [pair, difference, formula]) part.hidden = !fits;
  if (!fits) return;
  setText(deep.title, `The network: ${frame.layers.length} layer${frame.layers.length > 1 ? "s" : ""}`);
  const scale =
    taskOf(state) === "regression" ? { centre: 0, reach: extent(frame.maps.deep) || 1 } : outputScale(state, null);
  // Words and matrices first: they take their room from the maps.
  setText(difference, inWords(frame));
  difference.dataset.equal = String(frame.equal);
  formula.replaceChildren(...product(frame));
  if (taskOf(state) === "regression" && state.run.config.dataset.standardize)
    formula.prepend(h("p", { class: "aside", text: SCALED }));
  drawMap(deep.canvas, frame, "deep", scale, state);
  drawMap(single.canvas, frame, "single", scale, state);
}

function inWords({ difference, tolerance, equal, bends, samples, part, compared }) {
  const head = `Largest difference of ${compared} over ${integer(samples)} ${part} points: ${number(difference)}.`;
  if (equal) return `${head} Rounding alone may make it ${number(tolerance)}: they are the same.`;
  if (difference === null) return `${head} The numbers have grown beyond what can be compared.`;
  const names = bends.map(({ name, activation }) => `${name} (${words(activation).toLowerCase()})`);
  if (!names.length)
    return `${head} That is more than the ${number(tolerance)} rounding can make: something is wrong.`;
  return `${head} Rounding could make ${number(tolerance)} only: ${names.slice(0, 4).join(", ")}${names.length > 4 ? " and more" : ""} ${names.length > 1 ? "bend" : "bends"} what passes through.`;
}

function drawMap(canvas, { maps }, which, scale, { colours }) {
  const box = canvas.parentElement;
  const size = Math.floor(Math.min(box.clientWidth, box.clientHeight || Infinity));
  if (size < 50) return;
  fitCanvas(canvas, size, size);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  const area = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: size - MARGIN.left - MARGIN.right,
    height: size - MARGIN.top - MARGIN.bottom,
  };
  const values = maps[which];
  const [rows, columns] = values.shape;
  const one = rows === 1;
  const [low, high] = one ? [-scale.reach * 1.2, scale.reach * 1.2] : maps.y;
  const axes = {
    x: maps.x,
    y: [low, high],
    toX: (v) => area.x + (area.width * (v - maps.x[0])) / (maps.x[1] - maps.x[0]),
    toY: (v) => area.y + area.height - (area.height * (v - low)) / (high - low),
  };
  if (one) drawCurve(context, { values }, area, axes, colours);
  else {
    paint(
      context,
      signedImage(`collapse-${which}`, values, rows, columns, scale),
      area.x,
      area.y,
      area.width,
      area.height,
    );
    traceLevel(context, values, rows, columns, scale.centre, area);
    context.strokeStyle = "rgba(22,26,40,.8)";
    context.lineWidth = 1.3;
    context.stroke();
  }
  drawAxes(context, axes, area, colours);
  nameAxes(context, area, maps.axes, colours);
  setAttribute(
    canvas,
    "aria-label",
    `${which === "deep" ? "The network" : "The single layer"} over ${maps.axes.join(" and ")}, from ${number(values.reduce((a, b) => Math.min(a, b)))} to ${number(values.reduce((a, b) => Math.max(a, b)))}.`,
  );
}

const MOST_LAYERS = 3;

/** W = W[L] ··· W[1] with its numbers, in the lecture's shapes; long products are told in letters. */
function product({ layers, weights, bias, features, outputs, collapses }) {
  const count = layers.length;
  const chain = Array.from({ length: count }, (_, i) => letter("W", count - 1 - i));
  const factors = count > 2 * MOST_LAYERS ? [chain[0], mo("⋯"), chain.at(-1)] : chain;
  const shape = (name, rows, columns) => row(mi(name), mtext(` ${rows}×${columns}`));
  const shown = weights && [
    mo("="),
    under(matrix(transposed(weights)), shape("W", outputs.length, features.length)),
    mtext("   "),
    mi("b"),
    mo("="),
    under(matrix(Array.from(bias, (value) => [value])), shape("b", outputs.length, 1)),
  ];
  const numbers =
    count <= MOST_LAYERS && layers.every((layer) => layer.weights && layer.lecture_shape.every((side) => side <= 8));
  const expanded = numbers
    ? [
        mo("="),
        ...layers
          .toReversed()
          .map((layer, i) =>
            under(
              matrix(transposed(layer.weights)),
              row(chain[i].cloneNode(true), mtext(` ${layer.lecture_shape.join("×")}`)),
            ),
          ),
      ]
    : [];
  const sentence = collapses
    ? null
    : h("p", { class: "aside", text: "With a bend in between, this product is not what the network computes." });
  return [
    sentence,
    block(row(mi("W"), mo("="), ...factors, ...expanded, ...(shown || [mtext(" (too large to show)")]))),
  ].filter(Boolean);
}

/** What both answer at every place of the maps. */
function mapsOf(frame) {
  if (!frame) return {};
  const { x, y, axes, deep, single } = frame.maps;
  const [rows, columns] = deep.shape;
  const along = ([low, high], count, i) => low + ((high - low) * i) / (count - 1);
  const across = Array.from(deep, (_, i) => along(x, columns, i % columns));
  const up = Array.from(deep, (_, i) => along(y, rows, Math.floor(i / columns)));
  return {
    columns: { [axes[0]]: across, ...(rows > 1 && { [axes[1]]: up }), "the network": deep, "one layer": single },
  };
}
