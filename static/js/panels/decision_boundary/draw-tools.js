// The toolbar for drawing points: target and part of new points, add, move, erase, undo, clear.

import { h, setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { classNames, taskOf } from "../shared/scales.js";
import { glyph } from "../shared/shapes.js";

/** Builds the tools for the task of the run. */
export function buildTools(editor, state) {
  editor.target = initialTarget(editor.target, state);
  editor.tool = "add";
  editor.note = h("span", { class: "draw-note", role: "status" });
  const undoHelp = t("panel.decision_boundary.draw.undo_help");
  editor.undoButton = chip(t("panel.decision_boundary.draw.undo"), undoHelp, editor.undo);
  editor.bar.replaceChildren(
    ...addTools(editor, state),
    tool(editor, "move", t("panel.decision_boundary.draw.move")),
    tool(editor, "erase", t("panel.decision_boundary.draw.erase")),
    partChoice(editor),
    editor.undoButton,
    chip(t("panel.decision_boundary.draw.clear"), t("panel.decision_boundary.draw.clear_help"), editor.clear),
    editor.note,
  );
  showSelectedTool(editor);
}

/** Shows the number of points, or an instruction where there are no training points. */
export function showCount({ note, model, undoButton, history }) {
  if (!note || !model) return;
  const hasTraining = model.some(({ part }) => part === "train");
  const count = t("panel.decision_boundary.draw.count", { count: model.length });
  note.textContent = hasTraining ? count : t("panel.decision_boundary.draw.empty");
  undoButton.disabled = !history.length;
}

function initialTarget(target, state) {
  const names = classNames(state) ?? [];
  if (taskOf(state) === "multilabel") return names.map((_, i) => (i === 0 ? 1 : 0));
  if (taskOf(state) === "regression") return typeof target === "number" ? target : 0;
  return Math.min(Number(target) || 0, names.length - 1);
}

/** One tool for each class; else one tool, with the value or the labels of the next points. */
function addTools(editor, state) {
  const names = classNames(state) ?? [];
  const add = () => tool(editor, "add", t("panel.decision_boundary.draw.add"));
  if (taskOf(state) === "multilabel") return [add(), ...names.map((name, i) => labelChip(editor, name, i))];
  if (taskOf(state) !== "regression") return names.map((name, i) => tool(editor, "add", name, i));
  return state.points?.inputs?.length === 1 ? [add()] : [add(), valueField(editor, state)];
}

const chip = (text, title, click) =>
  h("button", { type: "button", class: "chip small", text, title, on: { click } });

function tool(editor, name, text, target = null) {
  const mark = target === null ? null : glyph(target, "train");
  const click = () => {
    editor.tool = name;
    if (target !== null) editor.target = target;
    showSelectedTool(editor);
  };
  const attributes = { class: "chip small draw-tool", "data-tool": name, "data-target": target };
  return h("button", { type: "button", ...attributes, on: { click } }, mark, h("span", { text }));
}

function showSelectedTool({ bar, tool: selectedTool, target: value }) {
  for (const button of bar.querySelectorAll("[data-tool]")) {
    const { tool: name, target } = button.dataset;
    const sameTarget = target === undefined || name !== "add" || Number(target) === value;
    setAttribute(button, "aria-pressed", String(name === selectedTool && sameTarget));
  }
}

function labelChip(editor, name, index) {
  const click = () => {
    editor.target = editor.target.map((on, i) => (i === index ? 1 - on : on));
    setAttribute(button, "aria-pressed", String(Boolean(editor.target[index])));
  };
  const button = h("button", {
    type: "button", class: "chip small", "aria-pressed": String(Boolean(editor.target[index])),
    title: t("panel.decision_boundary.draw.label", { name }), on: { click },
  }, h("span", { text: name }));
  return button;
}

function valueField(editor, state) {
  const { train, test } = state.points ?? {};
  const targets = [...(train?.targets ?? []), ...(test?.targets ?? [])].flat();
  const reach = Math.max(...targets.map(Math.abs), 1e-6);
  const change = () => (editor.target = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : 0);
  const input = h("input", {
    type: "number", class: "number draw-value", step: "any", on: { change },
    "aria-label": t("panel.decision_boundary.draw.value"),
    title: t("panel.decision_boundary.draw.value_range", { value: number(reach) }),
  });
  editor.target = Number(reach.toPrecision(2));
  input.value = String(editor.target);
  return input;
}

function partChoice(editor) {
  const change = () => (editor.part = select.value);
  const label = t("panel.decision_boundary.draw.part");
  const select = h("select", { class: "select small", "aria-label": label, on: { change } },
    h("option", { value: "train", text: t("panel.shared.part.train") }),
    h("option", { value: "test", text: t("panel.shared.part.test") }));
  select.value = editor.part;
  return select;
}
