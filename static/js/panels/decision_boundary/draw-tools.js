// The toolbar for drawing points: what the next points are, add, move, erase, undo, clear.

import { classColour, css } from "../../core/colours.js";
import { h, setAttribute } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { classNames, taskOf } from "../shared/scales.js";

/** Builds the tools for the task of the run. */
export function buildTools(pen, state) {
  pen.target = initialTarget(pen.target, state);
  pen.tool = "add";
  pen.note = h("span", { class: "draw-note", role: "status" });
  pen.back = chip(t("panel.decision_boundary.draw.undo"), t("panel.decision_boundary.draw.undo_help"), pen.undo);
  pen.bar.replaceChildren(
    ...addTools(pen, state),
    tool(pen, "move", t("panel.decision_boundary.draw.move")),
    tool(pen, "erase", t("panel.decision_boundary.draw.erase")),
    partChoice(pen),
    pen.back,
    chip(t("panel.decision_boundary.draw.clear"), t("panel.decision_boundary.draw.clear_help"), pen.clear),
    pen.note,
  );
  showPressed(pen);
}

/** The number of points, or what to do where there is none. */
export function showCount({ note, model, back, history }) {
  if (!note || !model) return;
  const hasTraining = model.some(({ part }) => part === "train");
  const count = t("panel.decision_boundary.draw.count", { count: model.length });
  note.textContent = hasTraining ? count : t("panel.decision_boundary.draw.empty");
  back.disabled = !history.length;
}

function initialTarget(target, state) {
  const names = classNames(state) ?? [];
  if (taskOf(state) === "multilabel") return names.map((_, i) => (i === 0 ? 1 : 0));
  if (taskOf(state) === "regression") return typeof target === "number" ? target : 0;
  return Math.min(Number(target) || 0, names.length - 1);
}

/** One tool for each class; else one tool, with the value or the labels of the next points. */
function addTools(pen, state) {
  const names = classNames(state) ?? [];
  const add = () => tool(pen, "add", t("panel.decision_boundary.draw.add"));
  if (taskOf(state) === "multilabel") return [add(), ...names.map((name, i) => labelChip(pen, name, i))];
  if (taskOf(state) !== "regression") return names.map((name, i) => tool(pen, "add", name, i));
  return state.points?.inputs?.length === 1 ? [add()] : [add(), valueField(pen, state)];
}

const chip = (text, title, click) =>
  h("button", { type: "button", class: "chip small", text, title, on: { click } });

function tool(pen, name, text, target = null) {
  const background = target === null ? null : css(classColour(target));
  const dot = background && h("i", { class: "draw-dot", style: { background }, "aria-hidden": "true" });
  const click = () => {
    pen.tool = name;
    if (target !== null) pen.target = target;
    showPressed(pen);
  };
  const attributes = { class: "chip small draw-tool", "data-tool": name, "data-target": target };
  return h("button", { type: "button", ...attributes, on: { click } }, dot, h("span", { text }));
}

function showPressed({ bar, tool: chosen, target: value }) {
  for (const button of bar.querySelectorAll("[data-tool]")) {
    const { tool: name, target } = button.dataset;
    const sameTarget = target === undefined || name !== "add" || Number(target) === value;
    setAttribute(button, "aria-pressed", String(name === chosen && sameTarget));
  }
}

function labelChip(pen, name, index) {
  const click = () => {
    pen.target = pen.target.map((on, i) => (i === index ? 1 - on : on));
    setAttribute(button, "aria-pressed", String(Boolean(pen.target[index])));
  };
  const button = h("button", {
    type: "button", class: "chip small", "aria-pressed": String(Boolean(pen.target[index])),
    title: t("panel.decision_boundary.draw.label", { name }), on: { click },
  }, h("span", { text: name }));
  return button;
}

function valueField(pen, state) {
  const { train, test } = state.points ?? {};
  const targets = [...(train?.targets ?? []), ...(test?.targets ?? [])].flat();
  const reach = Math.max(...targets.map(Math.abs), 1e-6);
  const change = () => (pen.target = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : 0);
  const input = h("input", {
    type: "number", class: "number draw-value", step: "any", on: { change },
    "aria-label": t("panel.decision_boundary.draw.value"),
    title: t("panel.decision_boundary.draw.value_range", { value: reach.toPrecision(3) }),
  });
  pen.target = Number(reach.toPrecision(2));
  input.value = String(pen.target);
  return input;
}

function partChoice(pen) {
  const change = () => (pen.part = select.value);
  const label = t("panel.decision_boundary.draw.part");
  const select = h("select", { class: "select small", "aria-label": label, on: { change } },
    h("option", { value: "train", text: t("panel.shared.part.train") }),
    h("option", { value: "test", text: t("panel.shared.part.test") }));
  select.value = pen.part;
  return select;
}
