// Mistakes over examples with their bound; for inseparable classes, the index of the line after each mistake.

import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { FONT } from "../shared/axes.js";
import { chart, line } from "../shared/chart.js";

const HEADROOM = 1.15; // height of the chart relative to the largest value
const MAX_MISTAKES = 60; // of the last ones
const MAX_BOUND = 5; // times the number of mistakes: a larger bound is only shown as a number

export function drawMistakes(canvas, frame, colours) {
  if (frame.separable === false && frame.returns) drawLineIndices(canvas, frame, colours);
  else drawCount(canvas, frame, colours);
}

/** The number of mistakes as a step curve over the examples, with the bound. */
function drawCount(canvas, { way: trajectory, bound, mistakes, step }, colours) {
  const steps = trajectory ? Array.from(trajectory.steps) : [];
  const count = Math.max(5, steps.length);
  const visible = bound !== null && bound <= MAX_BOUND * count;
  const high = HEADROOM * (visible ? Math.max(bound, count) : count);
  const end = trajectory?.complete ? [step] : [];
  const xs = [0, ...steps.flatMap((step) => [step, step]), ...end];
  const ys = [0, ...steps.flatMap((_, i) => [i, i + 1]), ...(end.length ? [steps.length] : [])];
  chart(canvas, {
    x: { low: 0, high: Math.max(10, ...xs), name: t("panel.perceptron.examples") },
    y: { low: 0, high, name: t("panel.perceptron.mistakes") },
    colours,
    label: countText(mistakes, step, bound),
    marks: (context, toX, toY, area) => {
      line(context, xs, ys, toX, toY, { colour: colours.strong });
      if (bound === null) return;
      const ends = [0, Math.max(10, ...xs)];
      if (visible) line(context, ends, [bound, bound], toX, toY, { colour: colours.accent, dash: [6, 4] });
      drawBound(context, bound, visible, area.x + area.width, visible ? toY(bound) - 1 : area.y, colours);
    },
  });
}

/** The bound as text below its line, or at the top with an arrow if it is above the chart. */
function drawBound(context, bound, visible, right, top, colours) {
  context.font = FONT;
  context.fillStyle = colours.accent;
  context.textAlign = "right";
  context.textBaseline = "top";
  const text = `${t("panel.perceptron.bound")} ${integer(Math.floor(bound))}${visible ? "" : " ↑"}`;
  context.fillText(text, right - 6, top + 6);
}

function countText(mistakes, step, bound) {
  const values = { count: mistakes, mistakes: integer(mistakes), examples: integer(step) };
  if (bound === null) return t("panel.perceptron.count_description", values);
  return t("panel.perceptron.bound_description", { ...values, bound: integer(Math.floor(bound)) });
}

/** The index of the line after each of the last mistakes; a repeated index shows a cycle. */
function drawLineIndices(canvas, { returns }, colours) {
  const { xs, ys } = linesAfterMistakes(returns.which);
  const count = returns.which.length;
  chart(canvas, {
    x: { low: xs[0], high: Math.max(xs[0] + 10, count), name: t("panel.perceptron.mistakes") },
    y: { low: 0, high: Math.max(5, returns.visited) * HEADROOM, name: t("panel.perceptron.line_index") },
    colours,
    label: t("panel.perceptron.lines_description", { lines: returns.visited, mistakes: integer(count) }),
    marks: (context, toX, toY) => {
      line(context, xs, ys, toX, toY, { colour: colours.muted, width: 1.2 });
      context.fillStyle = colours.accent;
      xs.forEach((x, i) => {
        context.beginPath();
        context.arc(toX(x), toY(ys[i]), 3.2, 0, 2 * Math.PI);
        context.fill();
      });
    },
  });
}

/** Number of the mistake and index of the line after it, both from 1; before the first mistake line 1. */
function linesAfterMistakes(which) {
  const indices = [0, ...which];
  const first = Math.max(0, which.length - MAX_MISTAKES);
  const shown = indices.slice(first);
  return { xs: shown.map((_, i) => first + i), ys: shown.map((index) => index + 1) };
}
