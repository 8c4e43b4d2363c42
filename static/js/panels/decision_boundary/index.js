// The large picture: what the network answers over the input plane, or what one unit does, with the data over it.

import { h, setAttribute, setText } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { drawAxes, LARGE, nameAxes, shortAxis } from "../shared/axes.js";
import { legend } from "../shared/legend.js";
import { drawCurve, drawResiduals } from "../shared/curve1d.js";
import { classImage, paint, signedImage, traceLevel, unitImage } from "../shared/heat-map.js";
import { lookOf, RARE, switches } from "./display-options.js";
import { loadTools } from "./load-tools.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { drawPoints, nearest, placedPoints } from "../shared/points.js";
import { classNames, extent, oneOfMany, outputScale, taskOf, unitScale } from "../shared/scales.js";
import { showTooltip, hideTooltip } from "../../core/tooltip.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { focusUnit, unitName } from "../../studio/units.js";

const SURFACE_INTERVAL = 250; // ms between two drawings of a surface
const MARGIN = { left: 30 * LARGE, right: 10 * LARGE, top: 8 * LARGE, bottom: 26 * LARGE };

/** The panel; where the run may be edited, points can be drawn and units pinned beside it. */
export function panel(section, context) {
  const { store } = context;
  const shell = panelShell(section, {
    title: "Output", line: "The answer everywhere",
    explain: "Every pixel is an input. Its colour is what the network (or the unit named above) answers there: blue below, orange above, white at the threshold. The dark line is where the decision turns. Filled points trained the network, hollow ones only test it.",
    data: () => exported(store.get()),
  });
  const map = h("canvas", { role: "img", class: "boundary-map" });
  const over = h("canvas", { class: "boundary-points", "aria-hidden": "true" });
  const note = h("p", { class: "plot-note", hidden: true });
  const verdict = h("p", { class: "plot-verdict", hidden: true });
  const stack = h("div", { class: "boundary-stack" }, map, over, verdict);
  const scaleBar = h("div", { class: "legend" });
  shell.body.append(stack, note, scaleBar);
  shell.tools.append(...switches(store));
  const view = { shell, map, over, stack, note, verdict, scaleBar, placed: [], frame: null, key: "" };
  over.addEventListener("pointermove", (event) => hoverPoint(view, store.get(), event));
  over.addEventListener("pointerleave", () => hideTooltip((view.pointed = null)));
  over.addEventListener("click", (event) => choosePoint(view, store, event));
  const panel = {
    name: "decision_boundary", section, moving: true, view,
    needs: ["view:decision_boundary", "view:unit", "view:network", "points", "hovered", "pinned", "showTest", "discretise", "shownLabel", "displayMode", "displayModule", "residuals", "plotly", "theme", "catalogue", "layoutSize", "sideBySideCount", runConfig, runIdentity, diverged],
    draw: (state) => {
      draw(view, state);
      panel.interval = view.solid ? SURFACE_INTERVAL : 0;
    },
  };
  fetchLooks(store);
  if (context.editable) loadTools(view, context);
  return panel;
}

/** What draws the rarer looks comes when one of them is chosen. */
function fetchLooks(store) {
  const undo = store.watch((state) => {
    if (state.displayMode === null || !RARE.has(state.displayMode) && !oneOfMany(state)) return;
    undo();
    import("./outputs.js").then((looks) => store.set({ displayModule: looks }));
  });
}

/** What is to be shown: {kind, frame, values, rows, columns, scale, ...} for the output or a unit; `sharp` is that unit's own frame. */
export function picture(state, unit = focusUnit(state), sharp = state["view:unit"]) {
  const whole = state["view:decision_boundary"];
  // After a restart the last picture stays until the new run has sent one of its own.
  if (whole?.run !== state.run?.id) return null;
  if (!unit) return whole ? outputPicture(state, whole) : null;
  const last = (state.run?.config ?? state.draft).layers.length;
  if (unit.layer === last) return whole ? signedPicture(state, whole, unit.unit, outputScale(state, whole)) : null;
  if (sharp?.id.endsWith(`-${unit.layer}-${unit.unit}`) && sharp.run === state.run?.id) return signedPicture(state, sharp, 0, unitScale(-extent(sharp.values), 0));
  return smallPicture(state, unit, whole);
}

function outputPicture(state, frame) {
  if (frame.axes.length === 1) return { ...signedPicture(state, frame, 0, outputScale(state, frame)), kind: "curve" };
  const [outputs] = frame.values.shape;
  const look = state.displayModule ? lookOf(state) : null;
  const [, rows, columns] = frame.values.shape;
  const [task, many, scale] = [taskOf(state), oneOfMany(state), outputScale(state, frame)];
  if (look === "each" && outputs > 1) return { kind: "each", frame, values: frame.values, outputs, rows, columns, names: classNames(state), scale: many ? null : scale };
  if (many && look !== null && look >= 0 && outputs > 1) return { ...signedPicture(state, frame, Math.min(Number(look), outputs - 1), scale), kind: "probability" };
  if (many && outputs > 1) return { kind: "classes", frame, values: frame.values, outputs, rows, columns };
  const label = task === "multilabel" ? Math.min(state.shownLabel ?? 0, outputs - 1) : 0;
  return { ...signedPicture(state, frame, label, scale), solid: look === "surface" };
}

function signedPicture(state, frame, output, scale) {
  const [, rows, columns] = frame.values.shape.length === 3 ? frame.values.shape : [1, 1, frame.values.shape.at(-1)];
  const values = frame.values.subarray(output * rows * columns, (output + 1) * rows * columns);
  return { kind: frame.axes.length === 1 ? "curve" : "signed", frame, values, rows, columns, scale, output };
}

/** Until the sharp map of a hovered unit arrives, its small one answers in the next frame. */
function smallPicture(state, { layer, unit }, whole) {
  const network = state["view:network"];
  const part = layer < 0 ? network?.inputs : network?.layers.find((each, index) => (each.index ?? index) === layer);
  if (!part?.maps || !whole || unit >= part.maps.shape[0]) return null;
  const { maps, low, high } = part;
  const kind = whole.axes.length === 1 ? "curve" : "small";
  const [, rows, columns] = maps.shape;
  const values = kind === "curve" ? Float32Array.from(maps.subarray(unit * columns, (unit + 1) * columns), (byte) => low + ((high - low) * byte) / 255) : null;
  return { kind, frame: whole, maps, unit, low, high, rows, columns, values, scale: unitScale(low, high) };
}

function draw(view, state) {
  const shown = picture(state);
  explainPlane(view, shown); // before measuring, because it takes a line
  const size = Math.floor(Math.min(view.stack.clientWidth, view.stack.clientHeight || Infinity));
  if (size < 40) return;
  const area = { x: MARGIN.left, y: MARGIN.top, width: size - MARGIN.left - MARGIN.right, height: size - MARGIN.top - MARGIN.bottom };
  fitCanvas(view.map, size, size);
  centre(view, size);
  setText(view.shell.heading, focusUnit(state) ? unitName(state, focusUnit(state)) : "Output");
  setText(view.shell.subtitle, !focusUnit(state) ? (taskOf(state) === "control" ? "The surest action everywhere" : "The answer everywhere") : state.hovered ? "" : "pinned, Esc lets go");
  if (!shown) return;
  const axes = frameOf(shown, area, state, focusUnit(state));
  const context = view.map.getContext("2d");
  context.clearRect(0, 0, size, size);
  sayDiverged(view, shown, state);
  if (!diverged(state)) drawMap(context, shown, area, state, axes, focusUnit(state));
  if (shown.kind !== "each") drawAxes(context, axes, area, state.colours);
  redrawPoints(view, state, shown, area, axes, size);
  drawSolid(view, shown, state, size);
  legend(view.scaleBar, shown, state);
  setAttribute(view.map, "aria-label", describe(shown, state));
}

/** The surface in place of the map, once Plotly is there. */
function drawSolid(view, shown, state, size) {
  view.solid = Boolean(shown.solid && window.Plotly && !diverged(state));
  for (const canvas of [view.map, view.over]) canvas.hidden = view.solid;
  if (view.solid) state.displayModule.drawSurface(view.stack, shown, view.placed, { colours: state.colours, size });
  else state.displayModule?.clearSurface(view.stack);
}

/** In the middle, on whole pixels: half of one would blur every line. */
function centre({ map, over, stack }, size) {
  const box = stack.getBoundingClientRect();
  const left = `${Math.round(box.left + (box.width - size) / 2) - box.left}px`;
  const top = `${Math.round(box.top + scrollY + (box.height - size) / 2) - box.top - scrollY}px`;
  for (const canvas of [map, over]) Object.assign(canvas.style, { left, top });
}

function explainPlane(view, shown) {
  const text = shown?.frame.projected ? `Points projected onto ${shown.frame.axes.map(shortAxis).join(" and ")} of ${shown.frame.axes[0].startsWith("principal") ? "the training inputs" : `the plane; held: ${heldText(shown.frame.held)}`}` : "";
  setText(view.note, text);
  view.note.hidden = !text;
}

function heldText(held) {
  const parts = Object.entries(held ?? {}).map(([name, value]) => `${feature(name)} ${number(value)}`);
  return parts.length > 4 ? `${parts.slice(0, 3).join(", ")} and ${parts.length - 3} more` : parts.join(", ");
}

const diverged = (state) => state.run?.status === "diverged";

/** Numbers no scale can show are told in words: the points stay, the map and its colour bar go. */
function sayDiverged({ verdict, scaleBar }, { frame }, state) {
  const on = diverged(state);
  verdict.hidden = !on;
  scaleBar.classList.toggle("meaningless", on);
  if (!on) return;
  const reach = extent(frame.values);
  setText(verdict, reach > 10 ? `Diverged: the answers reach ${number(reach)}, beyond every scale.` : "Diverged: the answers are no longer of use.");
}

/** Ranges of the picture and the functions that place data in it. */
export function frameOf(shown, area, state, unit) {
  const [x0, x1] = shown.frame.x;
  const [y0, y1] = shown.kind === "curve" ? curveRange(shown, state, unit) : shown.frame.y;
  return {
    x: [x0, x1], y: [y0, y1],
    toX: (x) => area.x + (area.width * (x - x0)) / (x1 - x0),
    toY: (y) => area.y + area.height - (area.height * (y - y0)) / (y1 - y0),
  };
}

function curveRange(shown, state, unit) {
  const targets = unit ? [] : placedPoints(state, shown.frame).map((point) => point.y);
  const held = [...targets, ...(targets.length ? [] : shown.values)].filter(Number.isFinite);
  const [low, high] = [Math.min(...held, -1), Math.max(...held, 1)];
  return [low - (high - low) * 0.1, high + (high - low) * 0.1];
}

export function drawMap(context, shown, area, state, axes, unit) {
  const { values, rows, columns, scale } = shown;
  if (shown.kind === "curve") {
    drawCurve(context, shown, area, axes, state.colours);
    if (state.residuals && !unit && state.points?.run === shown.frame.run) drawResiduals(context, shown, area, axes, placedPoints(state, shown.frame), state.colours);
    return;
  }
  if (shown.kind === "probability") return state.displayModule.drawProbability(context, shown, area);
  if (shown.kind === "each") return state.displayModule.drawEach(context, shown, area, state.colours);
  const discrete = state.discretise;
  const image = shown.kind === "classes" ? classImage("boundary", values, shown.outputs, rows, columns, discrete)
    : shown.kind === "small" ? unitImage("boundary-small", shown.maps, shown.unit, shown.low, shown.high, scale)
    : signedImage("boundary", values, rows, columns, scale, discrete);
  paint(context, image, area.x, area.y, area.width, area.height, !discrete);
  const turns = shown.kind === "signed" && taskOf(state) !== "regression" && !unit;
  if (!turns) return;
  traceLevel(context, values, rows, columns, scale.centre, area);
  context.strokeStyle = "rgba(22,26,40,.8)";
  context.lineWidth = 1.3;
  context.stroke();
}

/** Points lie on a canvas of their own, redrawn only when they or the way they are shown changed. */
function redrawPoints(view, state, shown, area, axes, size) {
  const unitCurve = shown.kind === "curve" && focusUnit(state);
  const scale = taskOf(state) === "regression" ? outputScale(state, shown.frame) : null;
  const key = [state.showTest, state.shownLabel, shown.kind === "each", size, axes.x, axes.y, unitCurve, shown.frame.axes, shown.frame.projected && shown.frame.attempt, state.theme, devicePixelRatio].join();
  if ((view.key === key && view.drawn === state.points) || (state.points && state.points.run !== shown.frame.run)) return;
  Object.assign(view, { key, drawn: state.points, axes, placed: unitCurve || shown.kind === "each" ? [] : placedPoints(state, shown.frame) });
  fitCanvas(view.over, size, size);
  const context = view.over.getContext("2d");
  context.clearRect(0, 0, size, size);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  const radius = (view.placed.length > 1200 ? 2.2 : shown.kind === "curve" ? 2.6 : view.placed.length < 10 ? 7 : 3.4) * Math.min(2, Math.max(1, size / 520));
  drawPoints(context, state, view.placed, { ...axes, scale, radius });
  context.restore();
  if (shown.kind !== "each") nameAxes(context, area, shown.frame.axes, state.colours);
}

function hoverPoint(view, state, event) {
  if (!view.axes || state.drawing) return;
  const point = nearest(view.placed, event.offsetX, event.offsetY, view.axes);
  view.pointed = point;
  if (!point) return hideTooltip();
  const { points } = state;
  const inputs = point.inputs.slice(0, 4).map((value, i) => `${feature(points.inputs?.[i] ?? view.frameAxes?.[i] ?? `x${i + 1}`)} ${number(value)}`).join(", ");
  const names = classNames(state);
  const target = Array.isArray(point.target) && point.target.length > 1 ? point.target.map((on, i) => (on ? names?.[i] ?? i : null)).filter((name) => name !== null).join(" + ") || "no label"
    : taskOf(state) === "regression" ? `value ${number([point.target].flat()[0])}` : `class ${names?.[[point.target].flat()[0]] ?? point.target}`;
  showTooltip(event, `${target} · ${point.part} point\n${inputs}`);
  if (points.image) import("../shared/pixels.js").then(({ showImageTooltip }) => view.pointed === point && showImageTooltip(event, point, target, points.image));
}

/** A click on a point asks for its trace. */
function choosePoint({ axes, placed }, store, event) {
  const point = !store.get().drawing && axes && nearest(placed, event.offsetX, event.offsetY, axes);
  if (point) store.set({ tracedSample: { ...store.get().tracedSample, part: point.part, index: point.index, batch: null, asked: performance.now() } });
}

function describe(shown, state) {
  const what = focusUnit(state) ? unitName(state, focusUnit(state)) : "Output of the network";
  const count = placedPoints(state, shown.frame).length;
  const range = shown.scale ? `, colours from ${number(shown.scale.centre - shown.scale.reach)} to ${number(shown.scale.centre + shown.scale.reach)}` : "";
  return `${what} over ${shown.frame.axes.join(" and ")} at step ${shown.frame.step}${range}; ${count} data points.`;
}

function exported(state) {
  const shown = picture(state);
  if (!shown?.values) return {};
  const { frame, values, rows, columns } = shown;
  const at = (range, i, n) => range[0] + ((range[1] - range[0]) * (n > 1 ? i / (n - 1) : 0));
  const cells = Array.from({ length: rows * columns }, (_, i) => i);
  const inputs = { [frame.axes[0]]: cells.map((i) => at(frame.x, i % columns, columns)), ...(frame.axes[1] ? { [frame.axes[1]]: cells.map((i) => at(frame.y, Math.floor(i / columns), rows)) } : {}) };
  const outputs = Array.from({ length: shown.outputs ?? 1 }, (_, k) => [`output_${k}`, cells.map((i) => values[k * cells.length + i])]);
  return { step: frame.step, columns: { ...inputs, ...Object.fromEntries(outputs) } };
}
