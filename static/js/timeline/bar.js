// The bar of the time line: a canvas that is a slider over the steps, for pointers and keys.

import { h, setAttribute, setText } from "../core/dom.js";
import { integer, number, percent } from "../core/formats.js";
import { t } from "../core/text.js";
import { fitCanvas } from "../panels/shared/panel.js";
import { newestStep, withAttempt } from "./attempts.js";
import { marksOf } from "./bookmarks.js";
import { bestOf } from "./measured.js";
import { eventText } from "./event-text.js";
import { drawTimeline, PAD } from "./marks.js";
import { FOLLOWING } from "./playback.js";
import { snapped } from "./recorded.js";
import { firstStep, timeScale } from "./scale.js";
import { normAt } from "./strip.js";

const SNAP = 4; // pixels within which a recorded step or a mark is meant
const FOLLOWING_INTERVAL = 100; // ms between two drawings while the newest step is shown

/** Returns { element, panel }: the bar and its panel for the render loop. */
export function timeBar(store, commands) {
  const canvas = h("canvas", { class: "timeline-canvas", "aria-hidden": "true" });
  const element = h("div", {
    class: "timeline-bar", role: "slider", tabindex: 0, "aria-label": t("timeline.label"),
  }, canvas);
  const tip = h("div", { class: "timeline-tip", hidden: true });
  element.append(tip);
  const bar = {
    store, commands, element, canvas, tip,
    scale: timeScale(1, 1), // of the last drawing
    hover: null, // position of the pointer in pixels
    dragging: false,
    from: null, // the step at which the marking of a part began
    request: 0, // of the next animation frame, if the bar must be drawn in it
  };
  // Drawn once in the next frame, also if the store changes meanwhile and the render loop draws.
  bar.redraw = () => (bar.request ||= requestAnimationFrame(() => bar.request && draw(bar, store.get())));
  listenToPointer(bar);
  element.addEventListener("keydown", (event) => moveByKey(event, commands));
  const panel = {
    name: "timeline", needs: ["timeline", "run", "history", "shown", "theme", "layoutSize", "reference"], interval: 0,
    draw: (state) => {
      panel.interval = state.timeline.play.mode === FOLLOWING ? FOLLOWING_INTERVAL : 0;
      draw(bar, state);
    },
  };
  return { element, panel };
}

function draw(bar, state) {
  const { canvas, element } = bar;
  const { run, timeline } = state;
  cancelAnimationFrame(bar.request);
  bar.request = 0;
  const [width, height] = [element.clientWidth, element.clientHeight];
  if (!run || width < 4 * PAD) return;
  // While the bar is dragged its axis stays, so that nothing moves under the pointer.
  const newest = newestStep(state);
  if (!bar.dragging) bar.scale = timeScale(newest, width - 2 * PAD, firstStep(state));
  const { step } = timeline.play;
  fitCanvas(canvas, width, height);
  drawTimeline(canvas.getContext("2d"), { scale: bar.scale, step, state, hover: bar.hover, width, height });
  setAttribute(element, "aria-valuemin", firstStep(state));
  setAttribute(element, "aria-valuemax", newest);
  setAttribute(element, "aria-valuenow", step ?? newest);
  setAttribute(element, "aria-valuetext", withAttempt(state, positionText(state)));
}

/** What is shown, in words: "step 1,860 of 91,000 · history". */
export function positionText(state) {
  const { mode, step, speed } = state.timeline.play;
  const progress = state.shown?.progress ?? null;
  const newest = newestStep(state);
  const values = { step: integer(step ?? newest), newest: integer(newest), speed, percent: percent(progress) };
  return t(`timeline.position.${progress === null ? mode : "computing"}`, values);
}

function listenToPointer(bar) {
  const { element, store, commands } = bar;
  const xOf = ({ clientX }) => clientX - element.getBoundingClientRect().left - PAD;
  const stepAt = (x) => nearestStep(store.get(), bar.scale, x);
  const move = (event) => {
    const x = xOf(event);
    if (bar.from !== null && Math.abs(x - bar.scale.x(bar.from)) > SNAP) commands.mark(bar.from, stepAt(x));
    if (bar.dragging && bar.from === null) commands.seek(stepAt(x));
    bar.hover = Math.min(bar.scale.width, Math.max(0, x));
    showTip(bar, tooltipText(bar, x));
    bar.redraw();
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    element.setPointerCapture(event.pointerId);
    bar.dragging = true;
    bar.from = event.shiftKey ? stepAt(xOf(event)) : null;
    move(event);
  });
  element.addEventListener("pointermove", move);
  for (const type of ["pointerup", "pointercancel"]) element.addEventListener(type, () => {
    Object.assign(bar, { dragging: false, from: null });
    bar.redraw();
  });
  element.addEventListener("pointerleave", () => {
    bar.hover = null;
    bar.tip.hidden = true;
    bar.redraw();
  });
}

/** Shows a text above the bar, where neither a finger nor the edge of the window hides it. */
function showTip({ tip, hover, element }, text) {
  tip.hidden = false;
  setText(tip, text);
  const half = tip.offsetWidth / 2;
  const left = element.getBoundingClientRect().left;
  const centre = Math.min(innerWidth - 8 - half - left, Math.max(8 + half - left, hover + PAD));
  tip.style.left = `${centre - half}px`;
}

/** The step under the pointer, or what is marked there, one in a line, and how much the parameters changed. */
function tooltipText({ store, scale }, x) {
  const state = store.get();
  const { log } = state.timeline;
  const isNear = (step) => Math.abs(scale.x(step) - x) <= SNAP + 1;
  const events = log.events.filter(({ step }) => isNear(step));
  const best = bestOf(state.history);
  const lines = marksOf(state).filter(({ step }) => isNear(step)).map((mark) => atStep(mark.step, bookmarkText(mark)));
  lines.push(...events.slice(0, 4).map((entry) => atStep(entry.step, eventText(entry, state))));
  if (events.length > 4) lines.push(t("timeline.more_events", { count: events.length - 4 }));
  if (best && isNear(best.step)) lines.push(atStep(best.step, t("timeline.best")));
  const step = nearestStep(state, scale, x);
  if (!lines.length) lines.push(t("timeline.step", { step: integer(step) }));
  const norm = normAt(log, step);
  if (norm !== null) lines.push(t("timeline.update_norm", { norm: number(norm) }));
  return lines.join("\n");
}

/** The step of a bookmark or a recorded step if one is drawn near, else the step at a position. */
function nearestStep(state, scale, x) {
  const isNear = ({ step }) => Math.abs(scale.x(step) - x) <= SNAP;
  return marksOf(state).find(isNear)?.step ?? snapped(state.timeline.log.steps, scale, x, SNAP);
}

const bookmarkText = ({ name, note }) =>
  (note ? t("timeline.bookmark.with_note", { name, note }) : t("timeline.bookmark.mark", { name }));

const atStep = (step, text) => t("timeline.at_step", { step: integer(step), text });

/** The arrow keys move by one recorded step; elsewhere on the page they train. */
function moveByKey(event, { previous, next }) {
  const command = { ArrowLeft: previous, ArrowDown: previous, ArrowRight: next, ArrowUp: next }[event.key];
  if (!command || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  command();
}
