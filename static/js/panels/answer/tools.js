// The drawing tools: pen or eraser, line width, images of the data, and shifts by a pixel.

import { h, iconButton, setAttribute } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const PARTS = ["test", "train", "validation"];

/**
 * Rows of controls; `actions`: tool(1 or 0), line(pixels), fit(boolean), clear(), move(right, down),
 * sample(part, index).
 */
export function toolRows(actions) {
  const eraser = chip(t("panel.answer.eraser.title"), t("panel.answer.eraser.help"), () => actions.tool(0));
  const pen = chip(t("panel.answer.pen.title"), t("panel.answer.pen.help"), () => actions.tool(1));
  const clear = { class: "chip small", title: t("panel.answer.clear.help"), text: t("panel.answer.clear.title") };
  const line = lineWidth(actions);
  const fit = fitSwitch(actions);
  const sample = sampleRow(actions);
  const tools = h("div", { class: "tool-row" },
    pen, eraser, h("button", { type: "button", ...clear, on: { click: actions.clear } }), line.element, fit.element);
  const element = h("div", { class: "tool-rows" },
    tools, h("div", { class: "tool-row" }, sample.elements, moveButtons(actions)));
  const show = (view, points) => {
    [eraser, pen].forEach((button, tool) => setAttribute(button, "aria-pressed", String(view.tool === tool)));
    line.show(view);
    fit.input.checked = view.fit;
    sample.show(view.source, points);
  };
  return { element, show };
}

function chip(text, title, click) {
  const attributes = { type: "button", class: "chip small", title, "aria-pressed": "false" };
  return h("button", { ...attributes, on: { click } }, h("span", { text }));
}

function lineWidth(actions) {
  const attributes = { type: "range", class: "slider", min: 0.5, max: 4, step: 0.1 };
  const on = { input: () => actions.line(Number(input.value)) };
  const input = h("input", { ...attributes, "aria-label": t("panel.answer.line.help"), on });
  const output = h("output", {});
  const show = ({ line, style }) => {
    if (document.activeElement !== input) input.value = line;
    input.max = Math.max(4, Math.ceil(2 * style.line));
    input.style.setProperty("--part", `${(100 * (input.value - input.min)) / (input.max - input.min)}%`);
    output.textContent = number(line, 2);
  };
  const text = h("span", { text: t("panel.answer.line.title") });
  return { element: h("label", { class: "inline-field tool-line" }, text, input, output), show };
}

function fitSwitch(actions) {
  const text = t("panel.answer.fit");
  const on = { change: () => actions.fit(input.checked) };
  const input = h("input", { type: "checkbox", class: "switch", role: "switch", "aria-label": text, on });
  return { input, element: h("label", { class: "inline-field" }, input, h("span", { text })) };
}

function moveButtons(actions) {
  const button = (label, right, down, degrees) =>
    iconButton("next", label, () => actions.move(right, down), { style: { transform: `rotate(${degrees}deg)` } });
  return h("span", { class: "inline-field", role: "group", "aria-label": t("panel.answer.move.group") },
    h("span", { text: t("panel.answer.move.title") }),
    button(t("panel.answer.move.left"), -1, 0, 180),
    button(t("panel.answer.move.up"), 0, -1, 270),
    button(t("panel.answer.move.down"), 0, 1, 90),
    button(t("panel.answer.move.right"), 1, 0, 0));
}

/** The controls for an image of the data: its part and index, and buttons for its neighbours. */
function sampleRow(actions) {
  let sizes = {};
  const load = (offset) => {
    const target = Number(index.value) + offset;
    const next = Number.isInteger(target) ? Math.min((sizes[part.value] ?? 0) - 1, Math.max(0, target)) : 0;
    index.value = next;
    actions.sample(part.value, next);
  };
  const on = { change: () => load(0) };
  const part = h("select", { class: "select small", "aria-label": t("panel.answer.sample.part"), on });
  const field = { type: "text", inputmode: "numeric", class: "number", value: "0", autocomplete: "off" };
  const index = h("input", { ...field, "aria-label": t("panel.answer.sample.index"), on });
  const text = { title: t("panel.answer.sample.load_help"), text: t("panel.answer.sample.load") };
  const show = (source, points) => {
    sizes = Object.fromEntries(PARTS.map((name) => [name, points[name]?.inputs.length ?? 0]));
    showParts(part, PARTS.filter((name) => sizes[name]));
    if (source && document.activeElement !== index) index.value = source.index;
    index.title = t("panel.shared.index_range", { last: integer(sizes[part.value] - 1) });
  };
  const elements = [
    h("label", { class: "inline-field" }, h("span", { text: t("panel.answer.sample.title") }), part),
    index,
    h("button", { type: "button", class: "chip small", ...text, on: { click: () => load(0) } }),
    iconButton("back", t("panel.answer.sample.previous"), () => load(-1)),
    iconButton("next", t("panel.answer.sample.next"), () => load(1)),
  ];
  return { elements, show };
}

function showParts(select, names) {
  if (select.dataset.names === names.join()) return;
  select.dataset.names = names.join();
  const option = (name) => h("option", { value: name, text: t(`panel.shared.part.${name}`) });
  select.replaceChildren(...names.map(option));
}
