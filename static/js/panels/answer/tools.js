// What one draws with: pen or eraser, the width of the line, pictures of the data to start from, and steps to move them by.

import { h, iconButton, setAttribute } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";

const PARTS = ["test", "train", "validation"];

/** Rows of controls; `act` has tool(1 or 0), line(pixels), fit(on), clear(), move(right, down), sample(part, index). */
export function toolRows(act) {
  const chip = (text, title, click) =>
    h(
      "button",
      { type: "button", class: "chip small", title, "aria-pressed": "false", on: { click } },
      h("span", { text }),
    );
  const tools = [chip("Eraser", "Take ink away", () => act.tool(0)), chip("Pen", "Put ink down", () => act.tool(1))]; // by their value
  const line = h("input", {
    type: "range",
    class: "slider",
    min: 0.5,
    max: 4,
    step: 0.1,
    "aria-label": "Width of the line in pixels",
    on: { input: () => act.line(Number(line.value)) },
  });
  const width = h("output", {});
  const fit = h("input", {
    type: "checkbox",
    class: "switch",
    role: "switch",
    "aria-label": "Centre and scale",
    on: { change: () => act.fit(fit.checked) },
  });
  const clear = h("button", {
    type: "button",
    class: "chip small",
    text: "Clear",
    title: "An empty sheet (Delete)",
    on: { click: act.clear },
  });
  const sample = sampleRow(act);
  const moves = [
    ["left", -1, 0, 180],
    ["up", 0, -1, 270],
    ["down", 0, 1, 90],
    ["right", 1, 0, 0],
  ];
  const element = h(
    "div",
    { class: "tool-rows" },
    h(
      "div",
      { class: "tool-row" },
      tools.toReversed(),
      clear,
      h("label", { class: "pick tool-line" }, h("span", { text: "Line" }), line, width),
      h("label", { class: "pick" }, fit, h("span", { text: "Centre and scale" })),
    ),
    h(
      "div",
      { class: "tool-row" },
      sample.elements,
      h(
        "span",
        { class: "pick", role: "group", "aria-label": "Move by a pixel" },
        h("span", { text: "Move" }),
        moves.map(([where, right, down, turn]) =>
          iconButton("next", `Move ${where} by a pixel`, () => act.move(right, down), {
            style: { transform: `rotate(${turn}deg)` },
          }),
        ),
      ),
    ),
  );
  const show = (view, points) => {
    tools.forEach((each, i) => setAttribute(each, "aria-pressed", String(view.tool === i)));
    if (document.activeElement !== line) line.value = view.line;
    line.max = Math.max(4, Math.ceil(2 * view.manner.line));
    line.style.setProperty("--part", `${(100 * (line.value - line.min)) / (line.max - line.min)}%`);
    width.textContent = number(view.line, 2);
    fit.checked = view.fit;
    sample.show(view.known, points);
  };
  return { element, show };
}

/** A picture of the data: its part and number, and its neighbours. */
function sampleRow(act) {
  const part = h("select", {
    class: "select small",
    "aria-label": "Part of the data to take a picture from",
    on: { change: () => take(0) },
  });
  const index = h("input", {
    type: "text",
    inputmode: "numeric",
    class: "number",
    value: "0",
    autocomplete: "off",
    "aria-label": "Number of the picture",
    on: { change: () => take(0) },
  });
  let count = () => 0;
  const take = (by) => {
    const wanted = Number(index.value);
    const next = Number.isInteger(wanted) ? Math.min(count(part.value) - 1, Math.max(0, wanted + by)) : 0;
    index.value = next;
    act.sample(part.value, next);
  };
  const first = h("button", {
    type: "button",
    class: "chip small",
    text: "Take",
    title: "Put this picture of the data on the sheet, as it is",
    on: { click: () => take(0) },
  });
  const show = (known, points) => {
    const names = PARTS.filter((name) => points[name]?.inputs.length);
    count = (name) => points[name]?.inputs.length ?? 0;
    if (part.dataset.stamp !== names.join()) {
      part.dataset.stamp = names.join();
      part.replaceChildren(...names.map((name) => h("option", { value: name, text: name })));
    }
    if (known && document.activeElement !== index) index.value = known.index;
    index.title = `from 0 to ${integer(count(part.value) - 1)}`;
  };
  const elements = [
    h("label", { class: "pick" }, h("span", { text: "Picture" }), part),
    index,
    first,
    iconButton("back", "Picture before", () => take(-1)),
    iconButton("next", "Picture after", () => take(1)),
  ];
  return { elements, show };
}
