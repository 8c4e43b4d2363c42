// The gallery: all runs, newest first, each with its output map, a link, and buttons that pause and delete it.

import { api } from "../core/api.js";
import { h, icon, setAttribute, setText } from "../core/dom.js";
import { DASH, steady } from "../core/formats.js";
import { themeColours } from "../core/colours.js";
import { drawCurve } from "../panels/shared/curve1d.js";
import { paint, signedImage } from "../panels/shared/heat-map.js";
import { classImage } from "../panels/shared/images.js";
import { oneOfMany, outputScale } from "../panels/shared/scales.js";
import { isDeleted, isReplaced, withOrphaned } from "../studio/orphaned-datasets.js";
import { parentLines } from "./parent-line.js";
import { liveRun } from "./live-run.js";
import { dataOf, runTitle } from "./run-title.js";
import { viewApplies } from "../studio/problem.js";
import { createStore } from "../core/store.js";
import { t } from "../core/text.js";
import { startTheme } from "../core/theme.js";

const PAGE_SIZE = 24;
const RESOLUTION = 60;
const COUNT_INTERVAL = 5000; // ms
const list = document.getElementById("runs");
const more = document.getElementById("more");
const empty = document.getElementById("empty");
const parentLine = parentLines();
const theme = startTheme(createStore({ theme: null, colours: null }));
let oldest = null;

document.getElementById("theme").addEventListener("click", theme.toggle);
more.addEventListener("click", () => load());
const catalogueRequest = api.catalogue();
load();
countRunning();
setInterval(() => document.hidden || countRunning(), COUNT_INTERVAL);

async function load() {
  const [catalogue, answer] = await Promise.all([catalogueRequest, api.runs({ limit: PAGE_SIZE, before: oldest })]);
  const { runs } = answer;
  oldest = runs.at(-1)?.id ?? oldest;
  // Runs that were neither trained nor named are not listed.
  const listed = runs.filter((run) => run.step > 0 || run.name || run.config?.name);
  parentLine.know(runs);
  list.append(...listed.map((run) => card(run, catalogue)));
  more.hidden = runs.length < PAGE_SIZE;
  empty.hidden = list.children.length > 0;
}

function card(run, catalogue) {
  const { set } = dataOf(run, catalogue);
  const canvas = h("canvas", { width: 240, height: 240, role: "img", "aria-label": t("gallery.picture") });
  const title = runTitle(run, catalogue);
  const link = h("a", { class: "run-link", href: `/runs/${run.id}` }, canvas, h("strong", { title, text: title }));
  const button = deleteButton(title, () => {
    live.close();
    remove(run.id, element);
  });
  const line = h("p", { class: "run-line", text: results(run, set) });
  const live = liveRun(run, title, (now) => {
    setText(line, results(now, set));
    countRunning();
    if (now.status !== "running") drawPicture(canvas, now, catalogue);
  });
  const foot = h("div", { class: "run-foot" }, live.status, live.button, button);
  const element = h("li", { class: "run-card" }, link, foot, live.reason, line, parentLine(run, catalogue));
  drawPicture(canvas, run, catalogue);
  return element;
}

/** Shows how many runs train, also those that are not listed yet. */
async function countRunning() {
  const answer = await api.runs({ status: "running", limit: 1000 }).catch(() => null);
  if (answer) setText(document.getElementById("running"), t("gallery.running", { count: answer.runs.length }));
}

/** The first click asks for confirmation, the second deletes; losing the focus cancels. */
function deleteButton(title, act) {
  const button = h("button", {
    type: "button",
    on: {
      blur: () => setConfirming(false),
      click: ({ detail }) => {
        if (detail > 1) return; // a double click does not confirm
        if (confirming) return act();
        setConfirming(true);
        button.focus();
      },
    },
  });
  let confirming = false;
  const setConfirming = (value) => {
    confirming = value;
    button.className = confirming ? "button small run-delete" : "icon-button run-delete";
    button.title = confirming ? t("gallery.delete_help") : t("gallery.delete");
    setAttribute(
      button,
      "aria-label",
      confirming ? t("gallery.confirm_run", { title }) : t("gallery.delete_run", { title }),
    );
    button.replaceChildren(confirming ? t("page.confirm_deletion") : icon("close"));
  };
  setConfirming(false);
  return button;
}

/** The latest losses, or in reinforcement learning the mean of the environment's main score. */
function results({ latest, status }, set) {
  // The latest measured values are those from before the divergence.
  const latestValue = (value) => (status === "diverged" ? DASH : steady(value));
  if (!set?.judged)
    return t("gallery.losses", { train: latestValue(latest?.train_loss), test: latestValue(latest?.test_loss) });
  return t("gallery.score", { score: set.judged, value: latestValue(latest?.metrics?.[`${set.judged}_mean`]) });
}

async function remove(id, element) {
  await api.remove(id);
  element.remove();
  countRunning();
  empty.hidden = list.children.length > 0;
}

/** The catalogue with the data set of the run, or null if the run uses imported data that cannot be loaded. */
async function catalogueFor(run, catalogue) {
  if (!isDeleted(catalogue, run) && !isReplaced(catalogue, run)) return catalogue;
  const points = await api.points(run.id, 1).catch(() => null);
  return points && (points.task ? withOrphaned(catalogue, run, points) : catalogue);
}

async function drawPicture(canvas, run, allDatasets) {
  const catalogue = await catalogueFor(run, allDatasets);
  if (!catalogue) return canvas.classList.add("blank");
  if (viewApplies({ catalogue, run }, "reconstruction")) return drawRow(canvas, run);
  if (!viewApplies({ catalogue, run }, "decision_boundary")) return canvas.classList.add("blank");
  const view = await api.view(run.id, "decision_boundary", { resolution: RESOLUTION }).catch(() => null);
  if (!view) return canvas.classList.add("blank");
  const flat = Float32Array.from(view.values.flat(2), (value) => value ?? NaN);
  if (view.axes.length < 2) return drawLine(canvas, flat);
  const [outputs, rows, columns] = [view.values.length, view.values[0].length, view.values[0][0].length];
  const state = { run, catalogue };
  const image = oneOfMany(state)
    ? classImage(run.id, flat, outputs, rows, columns)
    : signedImage(run.id, flat.subarray(0, rows * columns), rows, columns, outputScale(state, { values: flat }));
  paint(canvas.getContext("2d"), image, 0, 0, canvas.width, canvas.height);
}

/** An autoencoder: the reconstruction of one row of the last set of rows. */
async function drawRow(canvas, run) {
  const view = await api.view(run.id, "reconstruction", { count: 1 }).catch(() => null);
  const rows = view && Object.values(view.rows).at(-1);
  if (!rows) return canvas.classList.add("blank");
  const values = Float32Array.from(rows.reconstructed[0], (value) => value ?? NaN);
  if (!view.image) return drawLine(canvas, values);
  const [min, max] = [Math.min(...rows.clean[0]), Math.max(...rows.clean[0])];
  paint(
    canvas.getContext("2d"),
    signedImage(run.id, flipped(values, view.image), ...view.image, {
      centre: (min + max) / 2,
      reach: (max - min) / 2 || 1,
    }),
    0,
    0,
    canvas.width,
    canvas.height,
  );
}

/** Reverses the order of the rows: images begin at the top, maps of the input plane at the bottom. */
function flipped(values, [rows, columns]) {
  return Float32Array.from(values, (_, i) => values[(rows - 1 - Math.floor(i / columns)) * columns + (i % columns)]);
}

/** One input: the output as a curve over it. */
function drawLine(canvas, flat) {
  const { width, height } = canvas;
  const finite = flat.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite, -1), Math.max(...finite, 1)];
  const toY = (value) => height * (0.9 - (0.8 * (value - low)) / (high - low));
  drawCurve(canvas.getContext("2d"), { values: flat }, { x: 0, y: 0, width, height }, { toY }, themeColours());
}
