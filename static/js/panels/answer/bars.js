// The outputs of the network as bars with numbers, one per class.

import { classColour, css } from "../../core/colours.js";
import { h, setProperty, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

/** `show(frame, error, outdated)`: `frame` is null without a drawing; `outdated`: it is of an earlier drawing. */
export function answerBars() {
  const prediction = h("p", { class: "draw-prediction" });
  const list = h("ul", { class: "bars", "aria-label": t("panel.answer.outputs") });
  const element = h("div", { class: "bars-box" }, prediction, list);
  let bars = [];
  const show = (frame, error, outdated) => {
    element.classList.toggle("outdated", Boolean(outdated));
    setProperty(list, "hidden", !frame);
    if (!frame) return setText(prediction, error?.message ?? t("panel.answer.no_drawing"));
    const { outputs } = frame;
    if (outputs.length !== bars.length || outputs.some(({ label }, i) => label !== bars[i].label)) {
      bars = outputs.map(bar);
      list.replaceChildren(...bars.map((entry) => entry.element));
    }
    showValues(bars, frame);
    setText(prediction, predictionText(frame.prediction));
  };
  return { element, show };
}

function bar({ label }, index) {
  const fill = h("i", { style: { background: css(classColour(index)) } });
  const value = h("output", {});
  const track = h("span", { class: "bar-track" }, fill);
  return { label, fill, value, element: h("li", { "data-class": label }, h("span", { text: label }), track, value) };
}

/** Bars from 0 to each value, on a common scale that includes 0 and 1. */
function showValues(bars, { outputs, prediction }) {
  const values = outputs.map(({ value }) => (Number.isFinite(value) ? value : 0));
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const position = (value) => (100 * (value - low)) / (high - low);
  outputs.forEach(({ label, value }, i) => {
    const [from, to] = [position(Math.min(0, values[i])), position(Math.max(0, values[i]))];
    Object.assign(bars[i].fill.style, { left: `${from}%`, width: `${to - from}%` });
    setText(bars[i].value, number(value));
    bars[i].value.title = value ?? "";
    bars[i].element.classList.toggle("predicted", label === prediction);
  });
}

function predictionText(prediction) {
  if (prediction === null) return t("panel.answer.undefined");
  const text = (value) => (typeof value === "number" ? number(value) : value);
  const labels = Array.isArray(prediction) ? prediction.map(text).join(" + ") : String(prediction);
  return t("panel.answer.prediction", { prediction: labels || t("panel.shared.no_label") });
}
