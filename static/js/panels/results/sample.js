// The outputs for one point as bars; for softmax these are the probabilities of the classes.

import { classColour, css } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { targetText } from "./tables.js";

export function oneSample(content, frame, { show, trace, last }) {
  const { index, loss, target, prediction, outputs } = frame.sample;
  const box = content.querySelector(".one-sample") ?? build(content);
  const field = box.querySelector("input");
  box.selectPoint = (point) => show(Math.max(0, Math.min(last, point)));
  box.trace = () => trace(index);
  if (document.activeElement !== field) field.value = index;
  field.title = t("panel.shared.index_range", { last: integer(last) });
  const values = { prediction: targetText(prediction), target: targetText(target), loss: number(loss) };
  box.querySelector(".aside").textContent = t("panel.results.sample.summary", values);
  box.querySelector("tbody").replaceChildren(...outputRows(frame, outputs));
}

function build(content) {
  const label = t("panel.shared.point_index");
  const attributes = { type: "text", inputmode: "numeric", class: "number", autocomplete: "off" };
  const field = h("input", { ...attributes, "aria-label": label });
  const chip = (text, name, click) =>
    h("button", { type: "button", class: "chip small", "aria-label": name, text, on: { click } });
  const step = (offset, text, name) => chip(text, name, () => box.selectPoint(Number(field.value) + offset));
  const row = h("div", { class: "choice-row" },
    h("label", { class: "inline-field" }, h("span", { text: t("panel.results.point") }), field),
    step(-1, "‹", t("panel.results.sample.previous")),
    step(1, "›", t("panel.results.sample.next")),
    chip(t("panel.results.sample.trace"), null, () => box.trace()));
  const box = h("div", { class: "one-sample" }, row, h("p", { class: "aside" }), outputTable());
  field.addEventListener("change", () => {
    if (/^\d+$/.test(field.value.trim())) box.selectPoint(Number(field.value));
  });
  content.replaceChildren(box);
  return box;
}

function outputTable() {
  const headings = [
    t("panel.results.sample.output"), t("panel.results.sample.value"), t("panel.results.sample.target_heading"),
  ];
  const head = h("thead", { class: "visually-hidden" },
    h("tr", {}, headings.map((text) => h("th", { scope: "col", text }))));
  return h("table", { class: "numbers output-values" }, head, h("tbody"));
}

/** One row per output: a bar from zero to the value in the colour of its class, the value, and the target. */
function outputRows({ task }, outputs) {
  const values = outputs.map(({ value }) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(task === "regression" ? 0 : 1, ...values)];
  const percent = (value) => (100 * (value - low)) / (high - low || 1);
  return outputs.map(({ label, value, target }, i) => {
    const background = outputs.length > 1 ? css(classColour(i)) : "var(--strong)";
    const bar = Number.isFinite(value) && barBetween(percent(0), percent(value), background);
    return h("tr", {},
      h("th", { scope: "row", text: label }),
      h("td", {}, h("div", { class: "output-bar", role: "presentation" }, bar)),
      h("td", { title: value, text: number(value) }),
      h("td", { class: "aside", text: t("panel.results.sample.target", { value: number(target) }) }));
  });
}

function barBetween(zero, end, background) {
  const [from, to] = [Math.min(zero, end), Math.max(zero, end)];
  return h("i", { style: { left: `${from}%`, width: `${Math.max(0.5, to - from)}%`, background } });
}
