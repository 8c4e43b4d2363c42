// One point's answers: what every output says to it, as bars; for softmax they are the shares of the classes.

import { css, classColour } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";

const said = (value) => (value === null ? "nothing" : Array.isArray(value) ? value.join(" + ") || "no label" : typeof value === "number" ? number(value) : value);

export function oneSample(content, frame, { look, pick, last }) {
  const { index, loss, target, prediction, outputs } = frame.sample;
  const box = content.querySelector(".one-sample") ?? build(content);
  const field = box.querySelector("input");
  box.choose = (at) => look(Math.max(0, Math.min(last, at)));
  box.trace = () => pick(index);
  if (document.activeElement !== field) field.value = index;
  field.title = `from 0 to ${integer(last)}`;
  const right = JSON.stringify(target) === JSON.stringify(prediction);
  const verdict = frame.task === "regression" ? `says ${said(prediction)}, target ${said(target)}` : `says ${said(prediction)}, ${right ? "which is right" : `but it is ${said(target)}`}`;
  box.querySelector(".aside").textContent = `The network ${verdict}. Loss ${number(loss)}.`;
  box.querySelector("tbody").replaceChildren(...bars(frame, outputs));
}

function build(content) {
  const field = h("input", { type: "text", inputmode: "numeric", class: "number", autocomplete: "off", "aria-label": "Number of the point" });
  const step = (by, text) => h("button", { type: "button", class: "chip small", "aria-label": by < 0 ? "Point before" : "Next point", text, on: { click: () => box.choose(Number(field.value) + by) } });
  const box = h("div", { class: "one-sample" }, h("div", { class: "choice-row" }, h("label", { class: "pick" }, h("span", { text: "Point" }), field), step(-1, "‹"), step(1, "›"),
    h("button", { type: "button", class: "chip small", text: "Trace it", on: { click: () => box.trace() } })), h("p", { class: "aside" }), h("table", { class: "numbers shares" }, h("thead", { class: "visually-hidden" }, h("tr", {}, ["Output", "Answer", "Target"].map((text) => h("th", { scope: "col", text })))), h("tbody")));
  field.addEventListener("change", () => /^\d+$/.test(field.value.trim()) && box.choose(Number(field.value)));
  content.replaceChildren(box);
  return box;
}

/** A bar from zero to the value, in the colour of its class; the target is written beside it. */
function bars({ task }, outputs) {
  const [low, high] = [Math.min(0, ...outputs.map(({ value }) => value)), Math.max(task === "regression" ? 0 : 1, ...outputs.map(({ value }) => value))];
  const at = (value) => (100 * (value - low)) / (high - low || 1);
  return outputs.map(({ label, value, target }, i) => {
    const [from, to] = [Math.min(at(0), at(value)), Math.max(at(0), at(value))];
    const colour = outputs.length > 1 ? css(classColour(i)) : "var(--strong)";
    const bar = h("div", { class: "share-bar", role: "presentation" }, Number.isFinite(value) && h("i", { style: { left: `${from}%`, width: `${Math.max(0.5, to - from)}%`, background: colour } }));
    return h("tr", {}, h("th", { scope: "row", text: label }), h("td", {}, bar), h("td", { title: value, text: number(value) }), h("td", { class: "aside", text: `target ${number(target)}` }));
  });
}
