// The gallery: all runs, newest first, each with its picture; open one, or delete it.

import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { integer, steady, words } from "./format.js";
import { themeColours } from "./colours.js";
import { drawCurve } from "./panels/curve1d.js";
import { classImage, paint, signedImage } from "./panels/heat.js";
import { outputScale } from "./panels/scales.js";
import { createStore } from "./state.js";
import { startTheme } from "./theme.js";

const PAGE = 24;
const SIDE = 60;
const list = document.getElementById("runs");
const more = document.getElementById("more");
const empty = document.getElementById("empty");
const theme = startTheme(createStore({}));
let oldest = null;

document.getElementById("theme").addEventListener("click", theme.toggle);
more.addEventListener("click", () => load());
const catalogue = api.catalogue();
load();

async function load() {
  const [{ datasets }, answer] = await Promise.all([catalogue, api.runs({ limit: PAGE, before: oldest })]);
  const { runs } = answer;
  oldest = runs.at(-1)?.id ?? oldest;
  // Runs nobody ever trained or named are visits, not results.
  list.append(...runs.filter((run) => run.step > 0 || run.name || run.config?.name).map((run) => card(run, datasets)));
  more.hidden = runs.length < PAGE;
  empty.hidden = list.children.length > 0;
}

function card(run, datasets) {
  const set = datasets.find((each) => each.name === run.config.dataset.name);
  const canvas = h("canvas", { width: 240, height: 240, role: "img", "aria-label": `Output of the run over the plane` });
  const title = run.config.name || `${set?.title ?? run.config.dataset.name}, ${shape(run.config)}`;
  const element = h("li", { class: "run-card" },
    h("a", { class: "run-link", href: `/runs/${run.id}` }, canvas, h("strong", { text: title })),
    h("p", { class: "run-line" }, h("span", { class: "run-status", "data-status": run.status, text: words(run.status) }), ` · step ${integer(run.step)}`),
    h("p", { class: "run-line", text: `loss ${steady(run.latest?.train_loss)} train, ${steady(run.latest?.test_loss)} test` }),
    h("button", { type: "button", class: "icon-button run-delete", "aria-label": `Delete ${title}`, title: "Delete", on: { click: () => remove(run.id, element) } }, icon("close")));
  drawPicture(canvas, run, set);
  return element;
}

const shape = ({ layers }) => (layers.length > 5 ? `${layers.length} layers` : layers.length ? layers.map(({ units }) => units).join("-") : "no hidden layer");

async function remove(id, element) {
  await api.remove(id);
  element.remove();
  empty.hidden = list.children.length > 0;
}

async function drawPicture(canvas, run, set) {
  const view = await api.view(run.id, "decision_boundary", { resolution: SIDE }).catch(() => null);
  if (!view) return canvas.classList.add("blank");
  const flat = Float32Array.from(view.values.flat(2), (value) => value ?? NaN);
  if (view.axes.length < 2) return drawLine(canvas, flat);
  const [outputs, rows, columns] = [view.values.length, view.values[0].length, view.values[0][0].length];
  const state = { run, catalogue: { datasets: [set] } };
  const image = set?.task === "multiclass" ? classImage(run.id, flat, outputs, rows, columns)
    : signedImage(run.id, flat.subarray(0, rows * columns), rows, columns, outputScale(state, { values: flat }));
  paint(canvas.getContext("2d"), image, 0, 0, canvas.width, canvas.height);
}

/** One input: the output as a curve over it. */
function drawLine(canvas, flat) {
  const { width, height } = canvas;
  const held = flat.filter(Number.isFinite);
  const [low, high] = [Math.min(...held, -1), Math.max(...held, 1)];
  const toY = (value) => height * (0.9 - (0.8 * (value - low)) / (high - low));
  drawCurve(canvas.getContext("2d"), { values: flat }, { x: 0, y: 0, width, height }, { toY }, themeColours());
}
