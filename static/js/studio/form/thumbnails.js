// Small pictures of the data sets, drawn from a few of their own points; the control that chooses one.

import { api } from "../../core/api.js";
import { CLASSES, css, diverging } from "../../core/colours.js";
import { h, setAttribute } from "../../core/dom.js";

const SAMPLES = 120;
const SIZE = 52;
const cache = new Map();

/** The control for `dataset.name`: one picture per set of the present task. */
export function thumbnailsControl(field, onChange, catalogue) {
  const box = h("div", { class: "thumbnails", role: "radiogroup", "aria-label": field.label, "data-field": field.path });
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const line = h("p", { class: "data-line", "aria-live": "polite" });
  const tell = (name) => {
    const set = catalogue.datasets.find((each) => each.name === name);
    line.replaceChildren(h("strong", { text: set?.title ?? name }), ` ${set?.help ?? ""}`);
  };
  let now = null;
  const offered = new Set(field.options.map(({ value }) => value));
  fill(box, catalogue.datasets.filter((each) => offered.has(each.name)), onChange);
  box.addEventListener("pointerover", (event) => tell(event.target.closest("[data-name]")?.dataset.name ?? now));
  box.addEventListener("pointerleave", () => tell(now));
  box.addEventListener("keydown", walk);
  const set = (value) => {
    if (now !== value) tell((now = value));
    for (const button of box.children) {
      setAttribute(button, "aria-checked", String(button.dataset.name === value));
      button.tabIndex = button.dataset.name === value ? 0 : -1;
    }
    if (box.firstChild && !offered.has(value)) box.firstChild.tabIndex = 0;
  };
  const setError = (message) => {
    error.textContent = message ?? "";
    error.hidden = !message;
  };
  const own = h("button", { type: "button", class: "button small", "data-own-data": true, text: "Your data …", title: "Bring a table of your own (CSV), or one you brought before" });
  return { element: h("div", { class: "set-choice" }, box, line, own, error), set, setError, field };
}

function fill(box, sets, onChange) {
  box.replaceChildren(...sets.map((set) => {
    const canvas = h("canvas", { width: SIZE * 2, height: SIZE * 2, "aria-hidden": "true" });
    picture(set, canvas);
    return h("button", { type: "button", role: "radio", class: "thumbnail", "data-name": set.name, title: `${set.title}: ${set.help}`,
      "aria-label": set.title, on: { click: () => onChange(set.name, true) } }, canvas);
  }));
}

/** One stop for Tab; the arrows go from picture to picture, Enter and Space choose: a choice makes a new run. */
function walk(event) {
  const all = [...event.currentTarget.children];
  const { length } = all;
  const at = all.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: length - 1 }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  all[(next + length) % length].focus();
}

/** Thumbnails can wait for a quiet moment: the large picture goes first. */
const quiet = () => new Promise((resolve) => (window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 1500 }) : setTimeout(resolve, 300)));

async function picture(set, canvas) {
  const key = `${set.name}/${set.own?.content}`;
  if (set.own && !set.own.created) return; // its name is gone: only runs have these data
  if (!cache.has(key)) await quiet();
  if (!cache.has(key)) cache.set(key, api.dataset(set.name, { samples: set.parameters?.samples ? SAMPLES : null }).catch(() => null));
  const points = await cache.get(key);
  if (points) drawPicture(canvas, gather(points), set);
}

function gather(points) {
  const parts = [points.train, points.validation, points.test].filter(Boolean);
  return { inputs: parts.flatMap((part) => part.inputs), targets: parts.flatMap((part) => part.targets), image: points.image };
}

function drawPicture(canvas, { inputs, targets, image }, set) {
  const { task } = set;
  if (!inputs.length) return;
  if (set.series) return drawSeries(canvas, inputs, targets);
  if (image) return drawImages(canvas, inputs.slice(0, 4), image);
  const context = canvas.getContext("2d");
  const flat = inputs[0].length === 1;
  const pairs = inputs.slice(0, 400).map((row, i) => [row[0], flat ? first(targets[i]) : row[1]]);
  const [xs, ys] = [0, 1].map((axis) => range(pairs.map((pair) => pair[axis])));
  const reach = Math.max(...targets.map((target) => Math.abs(first(target)))) || 1;
  const few = pairs.length < 10;
  pairs.forEach(([x, y], i) => {
    context.fillStyle = css(colourOf(targets[i], task, reach));
    context.beginPath();
    context.arc(10 + ((canvas.width - 20) * (x - xs[0])) / (xs[1] - xs[0]), canvas.height - 10 - ((canvas.height - 20) * (y - ys[0])) / (ys[1] - ys[0]), few ? 9 : 3.4, 0, 7);
    context.fill();
  });
}

/** A series of each class, one under the other. */
function drawSeries(canvas, rows, targets) {
  const context = canvas.getContext("2d");
  const kinds = [...new Set(targets.map(first))].sort((one, other) => one - other).slice(0, 3);
  kinds.forEach((kind, place) => {
    const row = rows[targets.findIndex((target) => first(target) === kind)];
    const [low, high] = range(row);
    const tall = canvas.height / kinds.length;
    context.beginPath();
    row.forEach((value, i) => context.lineTo(5 + ((canvas.width - 10) * i) / (row.length - 1), (place + 0.88) * tall - (0.76 * tall * (value - low)) / (high - low)));
    context.strokeStyle = css(CLASSES[kind % CLASSES.length]);
    context.lineWidth = 2.5;
    context.stroke();
  });
}

/** Where the inputs are pixels: the first four as they are. */
function drawImages(canvas, rows, { rows: height, columns: width, high }) {
  const context = canvas.getContext("2d");
  const cell = (canvas.width / 2 - 4) / Math.max(width, height);
  rows.forEach((row, index) => row.forEach((value, i) => {
    context.fillStyle = `rgba(128, 132, 148, ${value / high})`;
    context.fillRect((index % 2) * (canvas.width / 2) + 2 + (i % width) * cell, Math.floor(index / 2) * (canvas.height / 2) + 2 + Math.floor(i / width) * cell, cell + 0.5, cell + 0.5);
  }));
}

const first = (target) => (Array.isArray(target) ? target[0] : target);

function colourOf(target, task, reach) {
  if (task === "regression") return diverging(0.5 + (0.5 * first(target)) / reach);
  if (task !== "multilabel") return CLASSES[first(target) % CLASSES.length];
  const labels = target.flatMap((on, label) => (on ? [label] : []));
  return labels.length > 1 ? [150, 120, 190] : CLASSES[labels[0] ?? 9];
}

function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low - 1, high + 1] : [low, high];
}
