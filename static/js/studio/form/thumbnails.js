// The control of the data set: a small picture of each, drawn from some of its points.

import { api } from "../../core/api.js";
import { CLASSES, css, diverging } from "../../core/colours.js";
import { h, icon, setAttribute } from "../../core/dom.js";
import { idle } from "../../core/idle.js";
import { moveFocus } from "../../core/roving-focus.js";
import { t } from "../../core/text.js";
import { drawGlyph } from "../../panels/shared/shapes.js";

const SAMPLES = 120;
const SIZE = 52; // CSS pixels
const MARGIN = 10; // device pixels around the points
const MAX_POINTS = 400;
const cache = new Map();
let lastRequest = Promise.resolve();

/** The control for `dataset.name`: one picture for each data set of the current task. */
export function thumbnailsControl(field, onChange, { catalogue }) {
  const { label, path, options } = field;
  const box = h("div", { class: "thumbnails", role: "radiogroup", "aria-label": label, "data-field": path });
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const line = h("p", { class: "data-line", "aria-live": "polite" });
  const names = new Set(options.map(({ value }) => value));
  const entry = (name) => catalogue.datasets.find((set) => set.name === name);
  const describe = (name) => {
    const { title = name, help = "" } = entry(name) ?? {};
    line.replaceChildren(h("strong", { text: title }), ` ${help}`);
  };
  let selected = null;
  const sets = catalogue.datasets.filter(({ name }) => names.has(name));
  box.replaceChildren(...sets.map((set) => thumbnail(set, onChange)));
  const nameAt = ({ target }) => target.closest("[data-name]")?.dataset.name;
  box.addEventListener("pointerover", (event) => describe(nameAt(event) ?? selected));
  box.addEventListener("pointerleave", () => describe(selected));
  // Arrow keys move only the focus; Enter and Space select, because every selection creates a run.
  box.addEventListener("keydown", (event) => moveFocus(event, [...box.children], true));
  const grid = h("div", { class: "thumbnail-grid" }, box, ownDataButton());
  const set = (value) => {
    markSelected(box, value, names.has(value));
    if (selected === value) return;
    describe((selected = value));
    scrollTo(grid, box.querySelector("[aria-checked=true]"));
  };
  const setError = (message) => showText(error, message);
  return { element: h("div", { class: "set-choice" }, grid, line, error), set, setError, field };
}

function showText(error, message) {
  error.textContent = message ?? "";
  error.hidden = !message;
}

/** Marks one picture as checked. Tab moves to it, or to the first if the selected set has no picture. */
function markSelected(box, value, isOffered) {
  for (const button of box.children) {
    setAttribute(button, "aria-checked", String(button.dataset.name === value));
    button.tabIndex = button.dataset.name === value ? 0 : -1;
  }
  if (box.firstChild && !isOffered) box.firstChild.tabIndex = 0;
}

/** Scrolls a box of many pictures to one of them. */
const scrollTo = (box, picture) => picture && (box.scrollTop = picture.offsetTop - box.clientHeight / 2);

const ownDataButton = () => h("button", {
  type: "button", class: "own-data", "data-own-data": true, title: t("form.own_data.help"),
}, icon("plus"), h("span", { text: t("form.own_data.title") }));

function thumbnail(set, onChange) {
  const { name, title, help } = set;
  const canvas = h("canvas", { width: SIZE * 2, height: SIZE * 2, "aria-hidden": "true" });
  loadPicture(set, canvas);
  const labels = { "aria-label": title, title: `${title}: ${help}` };
  const choose = () => onChange(name, true);
  const attributes = { type: "button", role: "radio", class: "thumbnail", "data-name": name, ...labels };
  const caption = h("span", { "aria-hidden": "true", text: title });
  return h("button", { ...attributes, on: { click: choose } }, canvas, caption);
}

/**
 * Sends a request when the browser is idle and the previous one is answered: the large picture is drawn first, and
 * commands find a free connection.
 */
const inTurn = (request) => (lastRequest = lastRequest.then(() => idle()).then(request).catch(() => null));

async function loadPicture(set, canvas) {
  const key = `${set.name}/${set.own?.content}`;
  if (set.own && !set.own.created) return; // orphaned: only runs have these data
  const samples = set.parameters?.samples ? SAMPLES : null;
  if (!cache.has(key)) cache.set(key, inTurn(() => api.dataset(set.name, { samples })));
  const points = await cache.get(key);
  if (points) draw(canvas, merged(points), set);
}

function merged({ train, validation, test, image }) {
  const parts = [train, validation, test].filter(Boolean);
  return { inputs: parts.flatMap((part) => part.inputs), targets: parts.flatMap((part) => part.targets), image };
}

/** Draws points at once; the module that draws time series and images is loaded with the first of them. */
async function draw(canvas, { inputs, targets, image }, { task, series }) {
  if (!inputs.length) return;
  if (!series && !image) return drawPoints(canvas, inputs.slice(0, MAX_POINTS), targets, task);
  const { drawImages, drawSeries } = await import("./thumbnail-rows.js");
  if (series) drawSeries(canvas, inputs, targets.map(first));
  else drawImages(canvas, inputs.slice(0, 4), image);
}

/** The first two inputs, or one input and the target; of classes with their glyphs. */
function drawPoints(canvas, rows, targets, task) {
  const context = canvas.getContext("2d");
  const points = rows.map((row, i) => [row[0], row.length === 1 ? first(targets[i]) : row[1]]);
  const [toX, toY] = [0, 1].map((axis) => position(points.map((point) => point[axis]), canvas.width));
  const extent = Math.max(...targets.map((target) => Math.abs(first(target)))) || 1;
  const radius = points.length < 10 ? 9 : points.length > 150 ? 3.4 : 4.2;
  points.forEach(([x, y], i) => {
    const shape = task === "regression" ? 0 : labelsOf(targets[i], task)[0] ?? 9;
    drawGlyph(context, shape, "", toX(x), canvas.height - toY(y), radius, css(colourOf(targets[i], task, extent)));
  });
}

/** A function from values to pixels inside the margins. */
function position(values, size) {
  const [low, high] = range(values);
  return (value) => MARGIN + ((size - 2 * MARGIN) * (value - low)) / (high - low);
}

const first = (target) => (Array.isArray(target) ? target[0] : target);

function colourOf(target, task, extent) {
  if (task === "regression") return diverging(0.5 + (0.5 * first(target)) / extent);
  const labels = labelsOf(target, task);
  return labels.length > 1 ? [150, 120, 190] : CLASSES[(labels[0] ?? 9) % CLASSES.length];
}

/** The class of a point, or its labels. */
const labelsOf = (target, task) => (task === "multilabel"
  ? target.flatMap((on, label) => (on ? [label] : [])) : [first(target)]);

function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}
