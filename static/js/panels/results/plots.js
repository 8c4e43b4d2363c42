// Results that are curves: found against falsely taken, thresholds, calibration, and residuals.

import { classColour, css } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { canvasIn, chart, dot, line, span } from "../shared/chart.js";

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const SHARE = { low: 0, high: 1 };
const lineOf = (i, alone, colours) => ({ colour: alone ? colours.strong : css(classColour(i)), dash: alone ? [] : DASHES[i % DASHES.length], width: 2 });

export function roc(content, { roc: curves, threshold }, { colours }) {
  const canvas = canvasIn(content, "roc");
  chart(canvas, {
    colours, square: true, x: { ...SHARE, name: "others taken for it" }, y: { ...SHARE, name: "found" },
    label: curves.map(({ label, auc }) => `${label}: area under the curve ${number(auc)}`).join("; "),
    marks: (context, toX, toY) => {
      line(context, [0, 1], [0, 1], toX, toY, { colour: colours.muted, width: 1, dash: [3, 4] });
      curves.forEach((each, i) => line(context, each.false_positive_rate, each.true_positive_rate, toX, toY, lineOf(i, curves.length === 1, colours)));
      if (curves.length === 1 && threshold !== null) here(context, curves[0], threshold, toX, toY, colours);
    },
  });
  legend(canvas, curves.map(({ label, auc }, i) => [`${label}: ${number(auc)}`, lineOf(i, curves.length === 1, colours)]), "area");
}

/** The place of the present threshold on the curve. */
function here(context, { false_positive_rate: across, true_positive_rate: up, thresholds }, threshold, toX, toY, colours) {
  let at = 0;
  thresholds.forEach((value, i) => value >= threshold && (at = i));
  dot(context, toX(across[at]), toY(up[at]), 5, colours.accent, colours.panel);
}

export function sweep(content, { sweep: curves, thresholds }, { colours }) {
  const canvas = canvasIn(content, "sweep");
  const names = ["precision", "recall", "f1"];
  const [low, high] = span(curves[0].thresholds);
  chart(canvas, {
    colours, x: { low, high, name: "threshold" }, y: { ...SHARE, name: "" },
    label: `Precision, recall and F1 over the threshold, now ${Array.from(thresholds, (each) => number(each)).join(", ")}`,
    marks: (context, toX, toY, area) => {
      curves.forEach((each, i) => names.forEach((name, k) => line(context, each.thresholds, each[name], toX, toY, { ...lineOf(i, curves.length === 1, colours), dash: DASHES[k], width: k === 2 ? 2.6 : 1.6 })));
      const alike = thresholds.every((each) => each === thresholds[0]);
      thresholds.forEach((each, i) => {
        context.fillStyle = alike ? colours.accent : css(classColour(i));
        context.fillRect(toX(each) - 1, area.y, 2, area.height);
      });
    },
  });
  const styles = names.map((name, k) => [name, { colour: colours.strong, dash: DASHES[k] }]);
  legend(canvas, [...styles, ...(curves.length > 1 ? curves.map(({ label }, i) => [label, lineOf(i, false, colours)]) : [])]);
}

export function calibration(content, { calibration: curves }, { colours }) {
  const canvas = canvasIn(content, "calibration");
  const most = Math.max(1, ...curves.flatMap(({ counts }) => [...counts]));
  chart(canvas, {
    colours, square: true, x: { ...SHARE, name: "confidence" }, y: { ...SHARE, name: "right" },
    label: curves.map((each) => `${each.label ?? "chosen class"}: expected calibration error ${number(each.expected_calibration_error)}`).join("; "),
    marks: (context, toX, toY) => {
      line(context, [0, 1], [0, 1], toX, toY, { colour: colours.muted, width: 1, dash: [3, 4] });
      curves.forEach((each, i) => {
        const style = lineOf(i, curves.length === 1, colours);
        line(context, each.confidence, each.frequency, toX, toY, style);
        each.confidence.forEach((value, k) => each.counts[k] > 0 && dot(context, toX(value), toY(each.frequency[k]), 2.5 + 5 * Math.sqrt(each.counts[k] / most), style.colour, colours.panel));
      });
    },
  });
  legend(canvas, curves.map((each, i) => [`${each.label ?? "chosen class"}: ${number(each.expected_calibration_error)}`, lineOf(i, curves.length === 1, colours)]), "error");
}

export function residuals(content, { residuals: list }, { colours }) {
  const canvas = canvasIn(content, "residuals");
  const [low, high] = span(...list.flatMap((each) => [[...each.predicted], [...each.true]]));
  chart(canvas, {
    colours, x: { low, high, name: "predicted" }, y: { low, high, name: "true" },
    label: list.map((each) => `${each.label}: residuals with mean ${number(each.mean)} and spread ${number(each.spread)}`).join("; "),
    marks: (context, toX, toY) => {
      line(context, [low, high], [low, high], toX, toY, { colour: colours.muted, width: 1, dash: [3, 4] });
      list.forEach((each, i) => each.predicted.forEach((value, k) => dot(context, toX(value), toY(each.true[k]), 2.4, list.length > 1 ? css(classColour(i)) : colours.strong, colours.panel)));
    },
  });
  legend(canvas, list.map((each, i) => [`${each.label}: ${number(each.mean)} ± ${number(each.spread)}`, { colour: list.length > 1 ? css(classColour(i)) : colours.strong, dash: [] }]), "true − predicted");
}

/** What the lines are, beside the plot, as text that can be copied. */
function legend(canvas, entries, title = "") {
  const box = canvas.parentElement;
  const text = JSON.stringify([title, entries]);
  const held = box.querySelector(".chart-legend");
  if (held?.dataset.stamp === text) return;
  held?.remove();
  const key = ({ colour, dash }) => h("i", { class: "line-key", style: { "border-top": `2.5px ${dash?.length ? (dash[0] > 4 ? "dashed" : "dotted") : "solid"} ${colour}` } });
  box.append(h("ul", { class: "chart-legend", "data-stamp": text }, title && h("li", { class: "aside", text: title }), entries.map(([name, style]) => h("li", {}, key(style), name))));
}
