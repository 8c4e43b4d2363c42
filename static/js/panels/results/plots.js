// Results that are plots: ROC, metrics over the threshold, calibration, residuals.

import { classColour, css } from "../../core/colours.js";
import { h } from "../../core/dom.js";
import { number, numbers } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { canvasIn, chart, dot, line, rangeOf } from "../shared/chart.js";

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const LEGEND_WIDTH = 156; // CSS pixels beside a plot
const MIN_PLOT_WIDTH = 180; // CSS pixels; in narrower panels the legend lies on the plot
const UNIT_RANGE = { low: 0, high: 1 };
const METRICS = ["precision", "recall", "f1"];

/** The style of the i-th of `count` curves: one curve is neutral, several have the colours of their classes. */
const styleOf = (i, count, colours) =>
  count === 1
    ? { colour: colours.strong, dash: [], width: 2 }
    : { colour: css(classColour(i)), dash: DASHES[i % DASHES.length], width: 2 };

const diagonal = (context, [low, high], toX, toY, { muted }) =>
  line(context, [low, high], [low, high], toX, toY, { colour: muted, width: 1, dash: [3, 4] });

/** The width that a plot leaves free for its legend. */
const beside = (canvas) => {
  const width = canvas.parentElement.clientWidth;
  return width - LEGEND_WIDTH < MIN_PLOT_WIDTH ? 0 : LEGEND_WIDTH;
};

/** The title of a legend of curves that depend on which of two classes is the positive one, which it names. */
const titleOf = (positive, ...title) =>
  [...title, ...(positive ? [t("panel.results.positive", { name: positive })] : [])].join(" · ");

export function roc(content, { roc: curves, threshold, classes, positive }, { colours }) {
  const canvas = canvasIn(content, "roc");
  const style = (i) => styleOf(i, curves.length, colours);
  const isPositive = (value) => (positive && positive === classes[0] ? value < threshold : value >= threshold);
  const mark = (context, toX, toY) => markThreshold(context, curves[0], isPositive, toX, toY, colours);
  chart(canvas, {
    colours, beside: beside(canvas),
    x: { ...UNIT_RANGE, name: t("panel.results.roc.x") },
    y: { ...UNIT_RANGE, name: t("panel.results.roc.y") },
    label: curves.map(({ label, auc }) => t("panel.results.roc.curve", { label, auc: number(auc) })).join("; "),
    marks: (context, toX, toY) => {
      diagonal(context, [0, 1], toX, toY, colours);
      curves.forEach(({ false_positive_rate: x, true_positive_rate: y }, i) => line(context, x, y, toX, toY, style(i)));
      if (curves.length === 1 && threshold !== null) mark(context, toX, toY);
    },
  });
  const entries = curves.map(({ label, auc }, i) => [`${label}: ${number(auc)}`, style(i)]);
  legend(canvas, entries, titleOf(positive, t("panel.results.roc.auc")));
}

/** Marks the last point of the curve whose output is one of the positive class. */
function markThreshold(context, curve, isPositive, toX, toY, colours) {
  const index = Math.max(0, Array.from(curve.thresholds).findLastIndex(isPositive));
  const [x, y] = [curve.false_positive_rate[index], curve.true_positive_rate[index]];
  dot(context, toX(x), toY(y), 5, colours.accent, colours.panel);
}

export function sweep(content, { sweep: curves, thresholds, positive }, { colours }) {
  const canvas = canvasIn(content, "sweep");
  const [low, high] = rangeOf(curves[0].thresholds);
  const current = numbers(thresholds);
  chart(canvas, {
    colours, beside: beside(canvas),
    x: { low, high, name: t("panel.results.threshold.name") },
    y: { ...UNIT_RANGE, name: t("panel.results.sweep.y") },
    label: t("panel.results.sweep.description", { thresholds: current }),
    marks: (context, toX, toY, area) => {
      curves.forEach((curve, i) => METRICS.forEach((name, k) => {
        const style = { ...styleOf(i, curves.length, colours), dash: DASHES[k], width: k === 2 ? 2.6 : 1.6 };
        line(context, curve.thresholds, curve[name], toX, toY, style);
      }));
      const equal = thresholds.every((value) => value === thresholds[0]);
      thresholds.forEach((value, i) => {
        context.fillStyle = equal ? colours.accent : css(classColour(i));
        context.fillRect(toX(value) - 1, area.y, 2, area.height);
      });
    },
  });
  const style = (k) => ({ colour: colours.strong, dash: DASHES[k] });
  const metrics = METRICS.map((name, k) => [t(`panel.results.metric.${name}`), style(k)]);
  const labels = curves.length > 1 ? curves.map(({ label }, i) => [label, styleOf(i, curves.length, colours)]) : [];
  legend(canvas, [...metrics, ...labels], titleOf(positive));
}

export function calibration(content, { calibration: curves }, { colours }) {
  const canvas = canvasIn(content, "calibration");
  const largest = Math.max(1, ...curves.flatMap(({ counts }) => [...counts]));
  const style = (i) => styleOf(i, curves.length, colours);
  const nameOf = ({ label }) => label ?? t("panel.results.calibration.predicted_class");
  const entry = (curve) => ({ label: nameOf(curve), error: number(curve.expected_calibration_error) });
  chart(canvas, {
    colours, beside: beside(canvas),
    x: { ...UNIT_RANGE, name: t("panel.results.calibration.x") },
    y: { ...UNIT_RANGE, name: t("panel.results.calibration.y") },
    label: curves.map((curve) => t("panel.results.calibration.curve", entry(curve))).join("; "),
    marks: (context, toX, toY) => {
      diagonal(context, [0, 1], toX, toY, colours);
      curves.forEach((curve, i) => drawCalibration(context, curve, largest, toX, toY, style(i), colours));
    },
  });
  const entries = curves.map((curve, i) => [`${nameOf(curve)}: ${entry(curve).error}`, style(i)]);
  legend(canvas, entries, t("panel.results.calibration.error"));
}

/** The curve, with a dot for each bin whose area grows with its number of points. */
function drawCalibration(context, { confidence, frequency, counts }, largest, toX, toY, style, colours) {
  line(context, confidence, frequency, toX, toY, style);
  confidence.forEach((value, k) => {
    const radius = 2.5 + 5 * Math.sqrt(counts[k] / largest);
    if (counts[k] > 0) dot(context, toX(value), toY(frequency[k]), radius, style.colour, colours.panel);
  });
}

export function residuals(content, { residuals: list }, { colours }) {
  const canvas = canvasIn(content, "residuals");
  const [low, high] = rangeOf(...list.flatMap((output) => [[...output.predicted], [...output.true]]));
  const colour = (i) => styleOf(i, list.length, colours).colour;
  const values = ({ label, mean, spread }) => ({ label, mean: number(mean), spread: number(spread) });
  chart(canvas, {
    colours, beside: beside(canvas),
    x: { low, high, name: t("panel.results.residuals.x") },
    y: { low, high, name: t("panel.results.residuals.y") },
    label: list.map((output) => t("panel.results.residuals.output", values(output))).join("; "),
    marks: (context, toX, toY) => {
      diagonal(context, [low, high], toX, toY, colours);
      list.forEach((output, i) => output.predicted.forEach((value, k) =>
        dot(context, toX(value), toY(output.true[k]), 2.4, colour(i), colours.panel)));
    },
  });
  const text = ({ label, mean, spread }) => `${label}: ${number(mean)} ± ${number(spread)}`;
  const entries = list.map((output, i) => [text(output), { colour: colour(i), dash: [] }]);
  legend(canvas, entries, t("panel.results.residuals.difference"));
}

/** The legend beside the plot: [name, style] entries under a title. */
function legend(canvas, entries, title = "") {
  const box = canvas.parentElement;
  const key = JSON.stringify([title, entries]);
  const existing = box.querySelector(".chart-legend");
  if (existing?.dataset.key === key) return;
  existing?.remove();
  const items = entries.map(([name, style]) => h("li", {}, lineKey(style), name));
  const heading = title && h("li", { class: "aside", text: title });
  box.append(h("ul", { class: "chart-legend", "data-key": key }, heading, items));
}

function lineKey({ colour, dash }) {
  const pattern = !dash?.length ? "solid" : dash[0] > 4 ? "dashed" : "dotted";
  return h("i", { class: "line-key", style: { "border-top": `2.5px ${pattern} ${colour}` } });
}
