// Reading the output map with pointer or keys: the network's answer at a place, and points. Loaded at the first use.

import { h } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { shortAxis } from "../shared/axes.js";
import { nearestPoint } from "../shared/one-point.js";
import { answerAt } from "./map-answer.js";
import { plotData } from "./plot-data.js";
import { showPointTooltip } from "./point-tooltip.js";

const STEPS = 40; // arrow keys from one side of the map to the other
const FINE_STEPS = 400; // with Shift
const INTERVAL = 2000; // ms between two texts about the same place while the network changes
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** What happens at each event of the map: {pointermove, pointerleave, click, focusin, focusout, keydown}. */
export function createReading(view, store) {
  const reading = { view, store, place: null, saidAt: 0, cursor: h("div", { class: "map-cursor", hidden: true }) };
  view.stack.append(reading.cursor);
  view.stack.setAttribute("aria-description", t("panel.decision_boundary.walk_help"));
  store.watch((_, changed) => changed.some((key) => key.startsWith("view:")) && repeat(reading));
  const leave = () => {
    reading.cursor.hidden = true;
    view.hoveredPoint = view.readPoint = null;
    hideTooltip();
  };
  return {
    pointermove: (event) => event.target === view.pointsCanvas && view.axes && readPixel(reading, event),
    pointerleave: leave,
    focusout: leave,
    focusin: ({ target }) => target === view.stack && target.matches(":focus-visible") && walk(reading, [0, 0], STEPS),
    click: (event) => event.target === view.pointsCanvas && trace(reading, pointAt(view, event.offsetX, event.offsetY)),
    keydown: (event) => pressKey(reading, event),
  };
}

const pointAt = (view, px, py) => (view.axes ? nearestPoint(view.points, px, py, view.axes) : null);

/** Opens the trace of a point. */
function trace({ store }, point) {
  if (!point) return;
  const { part, index } = point;
  store.set({ tracedSample: { ...store.get().tracedSample, part, index, batch: null, asked: performance.now() } });
}

/** Shows what is under a position of the points' canvas: a point, or the network's answer there. */
function readPixel({ view, store }, event) {
  const state = store.get();
  const { offsetX: px, offsetY: py } = event;
  view.hoveredPoint = pointAt(view, px, py);
  if (view.hoveredPoint) return showPointTooltip(view, state, event);
  view.readPoint = null;
  const text = placeText(state, dataAt(view, px, py));
  if (text) showTooltip(event, text);
  else hideTooltip();
}

/** The data coordinates of a position on the canvas, or null outside the map. */
function dataAt({ axes }, px, py) {
  const data = [[px, axes.x, axes.toX], [py, axes.y, axes.toY]].map(([pixel, [low, high], toPixel]) =>
    low + ((high - low) * (pixel - toPixel(low))) / (toPixel(high) - toPixel(low)));
  const isInside = (value, [low, high]) => value >= low && value <= high;
  return isInside(data[0], axes.x) && isInside(data[1], axes.y) ? data : null;
}

/** "Network: 0.93, first arm", and the place; null where the map has no value. */
function placeText(state, place) {
  const plot = place && plotData(state);
  const answer = plot && answerAt(plot, state, place);
  if (!answer) return null;
  const names = plot.frame.axes.slice(0, 2).map((name) => feature(shortAxis(name)));
  return `${answer}\n${names.map((name, i) => `${name} ${number(place[i])}`).join(", ")}`;
}

function pressKey(reading, event) {
  if (event.target !== reading.view.stack || !reading.view.axes) return;
  const direction = DIRECTIONS[event.key];
  if (direction) walk(reading, direction, event.shiftKey ? FINE_STEPS : STEPS);
  else if (event.key === "Enter") trace(reading, pointAtPlace(reading));
}

function pointAtPlace({ view, place }) {
  return place && pointAt(view, view.axes.toX(place[0]), view.axes.toY(place[1]));
}

/** Moves the place that the keys read, and says what is there; the tooltip is a live region. */
function walk(reading, direction, steps) {
  const { view, cursor } = reading;
  if (!view.axes || view.pointsCanvas.hidden) return;
  const ranges = [view.axes.x, view.axes.y];
  const start = reading.place ?? ranges.map(([low, high]) => (low + high) / 2);
  reading.place = start.map((value, i) => {
    const [low, high] = ranges[i];
    return Math.min(high, Math.max(low, value + (direction[i] * (high - low)) / steps));
  });
  const [px, py] = [view.axes.toX(reading.place[0]), view.axes.toY(reading.place[1])];
  const { left, top } = view.pointsCanvas.style;
  cursor.hidden = false;
  Object.assign(cursor.style, { left: `calc(${left} + ${px}px)`, top: `calc(${top} + ${py}px)` });
  say(reading);
}

function say(reading) {
  const { view, store, cursor } = reading;
  reading.saidAt = performance.now();
  const box = cursor.getBoundingClientRect();
  const at = { clientX: box.right, clientY: box.bottom };
  view.hoveredPoint = pointAtPlace(reading);
  if (view.hoveredPoint) return showPointTooltip(view, store.get(), at);
  const text = placeText(store.get(), reading.place);
  if (text) showTooltip(at, text);
}

/** Says the newest answer at the place of the keys, at most once in INTERVAL. */
function repeat(reading) {
  const isDue = performance.now() - reading.saidAt > INTERVAL;
  if (isDue && !reading.cursor.hidden && !reading.view.hoveredPoint) say(reading);
}
