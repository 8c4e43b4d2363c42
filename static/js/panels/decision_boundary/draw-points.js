// Drawing points into the plane while the network learns: add, move, erase, by mouse, finger or keys. Fetched when it begins.

import { classColour, css } from "../../core/colours.js";
import { h, setAttribute } from "../../core/dom.js";
import { countsOf, modelOf, operationsOf, shownPoints } from "./drawn-points.js";
import { canDraw } from "./display-options.js";
import { nearest } from "../shared/points.js";
import { classNames, taskOf } from "../shared/scales.js";

const REACH = 16; // pixels within which a point is taken hold of
const APART = 15; // pixels between points of one stroke
const STEP = 8; // pixels an arrow key moves the mark

/** The tools under the picture; `actions.draw(operations)` sends what was drawn and resolves to the event. */
export function startDrawing(view, store, actions) {
  const pen = { view, store, actions, tool: "add", target: 0, part: "train", model: null, busy: false, dirty: false, held: null, last: null, past: [], strokes: 0, told: -1, gesture: false, mark: null };
  const bar = h("div", { class: "draw-bar", role: "group", "aria-label": "Draw points" });
  const cross = h("div", { class: "draw-mark", hidden: true, "aria-hidden": "true" });
  view.stack.after(bar);
  view.stack.append(cross);
  Object.assign(pen, { bar, cross });
  const { over } = view;
  over.addEventListener("pointerdown", (event) => begin(pen, event));
  over.addEventListener("pointermove", (event) => pen.gesture && stroke(pen, event.offsetX, event.offsetY));
  for (const type of ["pointerup", "pointercancel"]) over.addEventListener(type, () => end(pen));
  over.addEventListener("keydown", (event) => pen.store.get().drawing && byKey(pen, event));
  over.addEventListener("blur", () => (cross.hidden = true));
  store.watch((state, changed) => changed.some((key) => ["drawing", "points", "run"].includes(key)) && refresh(pen, state, changed));
  refresh(pen, store.get(), ["drawing"]);
}

function refresh(pen, state, changed) {
  const { over, map } = pen.view;
  const on = state.drawing && (canDraw(state) || pen.dirty);
  pen.bar.hidden = !on;
  over.style.touchAction = on ? "none" : "";
  setAttribute(over, "tabindex", on ? "0" : null);
  setAttribute(over, "aria-hidden", on ? null : "true");
  setAttribute(over, "role", on ? "application" : null);
  setAttribute(over, "aria-label", on ? `Draw: arrow keys move the mark, Enter uses the tool. ${map.getAttribute("aria-label") ?? ""}` : null);
  if (changed.includes("drawing")) window.dispatchEvent(new Event("resize")); // the tools take some of the picture's room
  if (!on) return;
  if (state.points && state.points !== pen.shown) follow(pen, state.points);
  const kind = `${state.run?.id}/${taskOf(state)}/${(classNames(state) ?? []).join()}`;
  if (changed.includes("drawing") || kind !== pen.kind) tools(Object.assign(pen, { kind }), state);
  say(pen);
}

/** Points from the server: those that were drawn here and have not arrived there yet stay ahead of them. */
function follow(pen, points) {
  const ahead = (pen.busy || pen.dirty || pen.gesture) && pen.shown?.run === points.run;
  if (ahead) return show(pen);
  Object.assign(pen, { shown: points, model: modelOf(points), counts: countsOf(points), dirty: false });
}

// ---- the tools

function tools(pen, state) {
  const task = taskOf(state);
  const flat = state.points?.inputs?.length === 1;
  const names = classNames(state) ?? [];
  if (task === "multilabel") pen.target = names.map((_, i) => (i === 0 ? 1 : 0));
  else if (task === "regression") pen.target = typeof pen.target === "number" ? pen.target : 0;
  else pen.target = Math.min(Number(pen.target) || 0, names.length - 1);
  pen.tool = "add";
  const brush = task === "regression" ? (flat ? [tool(pen, "add", "Add")] : [tool(pen, "add", "Add"), value(pen, state)])
    : task === "multilabel" ? [tool(pen, "add", "Add"), ...names.map((name, i) => labelChip(pen, name, i))] : names.map((name, i) => tool(pen, "add", name, i));
  const part = h("select", { class: "select small", "aria-label": "New points are for", on: { change: () => (pen.part = part.value) } }, h("option", { value: "train", text: "training" }), h("option", { value: "test", text: "testing" }));
  part.value = pen.part;
  pen.note = h("span", { class: "draw-note", role: "status" });
  pen.back = h("button", { type: "button", class: "chip small", text: "Undo", title: "Take back what was drawn last", on: { click: () => undo(pen) } });
  pen.bar.replaceChildren(...brush, tool(pen, "move", "Move"), tool(pen, "erase", "Erase"), part, pen.back,
    h("button", { type: "button", class: "chip small", text: "Empty plane", title: "Begin with no points", on: { click: () => empty(pen) } }), pen.note);
  press(pen);
}

function tool(pen, name, text, target = null) {
  const dot = target === null ? null : h("i", { class: "draw-dot", style: { background: css(classColour(target)) }, "aria-hidden": "true" });
  const choose = () => {
    pen.tool = name;
    if (target !== null) pen.target = target;
    press(pen);
  };
  return h("button", { type: "button", class: "chip small draw-tool", "data-tool": name, "data-target": target, on: { click: choose } }, dot, h("span", { text }));
}

function press(pen) {
  for (const button of pen.bar.querySelectorAll("[data-tool]")) {
    const { tool: name, target } = button.dataset;
    setAttribute(button, "aria-pressed", String(name === pen.tool && (target === undefined || name !== "add" || Number(target) === pen.target)));
  }
}

function labelChip(pen, name, index) {
  const toggle = () => {
    pen.target = pen.target.map((on, i) => (i === index ? 1 - on : on));
    setAttribute(button, "aria-pressed", String(Boolean(pen.target[index])));
  };
  const button = h("button", { type: "button", class: "chip small", "aria-pressed": String(Boolean(pen.target[index])), title: `New points carry ${name}`, on: { click: toggle } }, h("span", { text: name }));
  return button;
}

function value(pen, state) {
  const targets = [...(state.points?.train.targets ?? []), ...(state.points?.test.targets ?? [])].flat();
  const reach = Math.max(...targets.map(Math.abs), 1e-6);
  const input = h("input", { type: "number", class: "number draw-value", step: "any", "aria-label": "Value of new points", title: `Value of new points; those there reach ${reach.toPrecision(3)}`, on: { change: () => (pen.target = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : 0) } });
  pen.target = Number(reach.toPrecision(2));
  input.value = String(pen.target);
  return input;
}

// ---- strokes

function begin(pen, event) {
  if (!pen.store.get().drawing || !pen.model || !pen.view.axes || event.button > 0) return;
  event.preventDefault();
  pen.view.over.setPointerCapture(event.pointerId);
  pen.gesture = true;
  pen.strokes += 1;
  act(pen, event.offsetX, event.offsetY);
}

/** Use the tool at a place: take hold of a point, erase one, or put one there. */
function act(pen, px, py) {
  pen.last = [px, py];
  if (pen.tool === "move") pen.held = at(pen, px, py);
  else if (pen.tool === "erase") erase(pen, px, py);
  else put(pen, px, py);
}

function stroke(pen, px, py) {
  if (pen.tool === "erase") return erase(pen, px, py);
  if (pen.tool === "move") return pen.held && place(pen, pen.held, px, py);
  if (Math.hypot(px - pen.last[0], py - pen.last[1]) >= APART) act(pen, px, py);
}

function end(pen) {
  pen.gesture = false;
  pen.held = null;
}

const at = (pen, px, py) => nearest(pen.model.map((point) => ({ point, x: point.inputs[0], y: point.inputs.length > 1 ? point.inputs[1] : [point.target].flat()[0] })), px, py, pen.view.axes, REACH)?.point;

/** Pixels back to the plane's own units. */
function units({ view: { axes } }, px, py) {
  const [x0, x1, y0, y1] = [axes.toX(axes.x[0]), axes.toX(axes.x[1]), axes.toY(axes.y[0]), axes.toY(axes.y[1])];
  const within = (share) => Math.min(1, Math.max(0, share));
  const round = (value) => Number(value.toPrecision(6));
  return [round(axes.x[0] + within((px - x0) / (x1 - x0)) * (axes.x[1] - axes.x[0])), round(axes.y[0] + within((py - y0) / (y1 - y0)) * (axes.y[1] - axes.y[0]))];
}

function put(pen, px, py) {
  const [x, y] = units(pen, px, py);
  const flat = pen.store.get().points.inputs.length === 1;
  pen.model = [...pen.model, { part: pen.part, inputs: flat ? [x] : [x, y], target: flat ? y : pen.target, from: null }];
  changed(pen);
}

function place(pen, point, px, py) {
  const [x, y] = units(pen, px, py);
  if (point.inputs.length === 1) Object.assign(point, { inputs: [x], target: y });
  else point.inputs = [x, y];
  point.moved = true;
  pen.model = [...pen.model];
  changed(pen);
}

function erase(pen, px, py) {
  const point = at(pen, px, py);
  if (!point) return;
  pen.model = pen.model.filter((each) => each !== point);
  changed(pen);
}

function empty(pen) {
  pen.model = [];
  pen.strokes += 1;
  changed(pen);
}

/** Show it at once, and send it as soon as the server has answered what was sent before. */
function changed(pen) {
  pen.dirty = true;
  show(pen);
  send(pen);
}

function show(pen) {
  pen.shown = shownPoints(pen.store.get().points, pen.model);
  pen.store.set({ points: pen.shown });
  say(pen);
}

async function send(pen) {
  if (pen.busy || !pen.dirty || !pen.model.some(({ part }) => part === "train")) return;
  const { operations, counts } = operationsOf(pen.model, pen.counts);
  Object.assign(pen, { busy: true, dirty: false, counts });
  const stroke = pen.strokes;
  const event = await pen.actions.draw(operations);
  pen.busy = false;
  if (!event) return Object.assign(pen, { dirty: false, shown: null }); // refused: what the server has comes again
  // A stroke is taken back as a whole, though it was sent in pieces; the next may have begun meanwhile.
  if (stroke !== pen.told) pen.past.push(event.previous);
  pen.told = stroke;
  say(pen);
  send(pen);
}

async function undo(pen) {
  const content = pen.past.pop();
  if (content) await pen.actions.draw({ content });
  say(pen);
}

function say(pen) {
  if (!pen.note || !pen.model) return;
  const train = pen.model.filter(({ part }) => part === "train").length;
  pen.note.textContent = train ? `${pen.model.length} points` : "Empty: draw the first point; until then the run keeps those it had";
  pen.back.disabled = !pen.past.length;
}

// ---- keys

function byKey(pen, event) {
  const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!move && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  const { width, height } = pen.view.over.getBoundingClientRect();
  pen.mark ??= [width / 2, height / 2];
  const step = event.shiftKey ? 1 : STEP;
  if (move) pen.mark = [Math.min(width, Math.max(0, pen.mark[0] + step * move[0])), Math.min(height, Math.max(0, pen.mark[1] + step * move[1]))];
  const { style } = pen.cross;
  pen.cross.hidden = false;
  Object.assign(style, { left: `calc(${pen.view.over.style.left} + ${pen.mark[0]}px)`, top: `calc(${pen.view.over.style.top} + ${pen.mark[1]}px)` });
  if (move && pen.held) place(pen, pen.held, ...pen.mark);
  if (event.key === "Enter" && pen.model) byEnter(pen);
}

/** Enter takes hold of a point and lets it go; with the other tools it is a click. */
function byEnter(pen) {
  pen.strokes += 1;
  if (pen.tool === "move" && pen.held) pen.held = null;
  else act(pen, ...pen.mark);
}
