// The network's answer as bars with numbers, one for each class.

import { classColour, css } from "../../core/colours.js";
import { h, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";

/** `show(frame, error, late)` writes what the view `answer` says; null: nothing has been asked; `late`: to an earlier picture. */
export function answerBars() {
  const said = h("p", { class: "sketch-said" });
  const list = h("ul", { class: "bars", "aria-label": "The network's outputs" });
  const element = h("div", { class: "bars-box" }, said, list);
  let rows = [];
  const build = (outputs) => {
    rows = outputs.map(({ label }, i) => {
      const [bar, value] = [h("i", { style: { background: css(classColour(i)) } }), h("output", {})];
      return {
        label,
        bar,
        value,
        element: h(
          "li",
          { "data-class": label },
          h("span", { text: label }),
          h("span", { class: "bar-track" }, bar),
          value,
        ),
      };
    });
    list.replaceChildren(...rows.map((row) => row.element));
  };
  const show = (frame, error, late) => {
    element.classList.toggle("late", Boolean(late));
    list.hidden = !frame;
    if (!frame) return setText(said, error?.message ?? "Draw something, or take a picture of the data.");
    const { outputs, prediction } = frame;
    if (outputs.length !== rows.length || outputs.some(({ label }, i) => label !== rows[i].label)) build(outputs);
    const values = outputs.map(({ value }) => (Number.isFinite(value) ? value : 0));
    const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
    const place = (value) => (100 * (value - low)) / (high - low);
    outputs.forEach(({ label, value }, i) => {
      const [from, to] = [place(Math.min(0, values[i])), place(Math.max(0, values[i]))];
      Object.assign(rows[i].bar.style, { left: `${from}%`, width: `${to - from}%` });
      setText(rows[i].value, number(value));
      rows[i].value.title = value ?? "";
      rows[i].element.classList.toggle("chosen", label === prediction);
    });
    setText(said, `It says ${words(prediction)}`);
  };
  return { element, show };
}

const words = (prediction) =>
  prediction === null
    ? "nothing: its outputs are no numbers"
    : Array.isArray(prediction)
      ? prediction.map((each) => (typeof each === "number" ? number(each) : each)).join(" + ") || "no label"
      : String(prediction);
