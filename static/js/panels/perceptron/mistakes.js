// Mistakes over examples with their bound; or, for inseparable classes, the index of the line after each mistake.

import { setAttribute } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { FONT } from "../shared/axes.js";
import { chart, line } from "../shared/chart.js";
import { t } from "../../core/text.js";

const ROOM = 1.15;
const MAX_BOUND = 5; // times the mistakes so far: a larger bound is only shown as a number

export function drawMistakes(canvas, frame, colours) {
  if (frame.separable === false && frame.returns) drawReturns(canvas, frame, colours);
  else drawCount(canvas, frame, colours);
}

function drawCount(canvas, { way, bound, mistakes, step }, colours) {
  const steps = way ? Array.from(way.steps) : [];
  const most = Math.max(5, steps.length);
  const inSight = bound !== null && bound <= MAX_BOUND * most;
  const high = ROOM * (inSight ? Math.max(bound, most) : most);
  const ending = way?.complete ? [step] : [];
  const xs = [0, ...steps.flatMap((at) => [at, at]), ...ending];
  const ys = [0, ...steps.flatMap((_, i) => [i, i + 1]), ...(ending.length ? [steps.length] : [])];
  chart(canvas, {
    x: { low: 0, high: Math.max(10, ...xs), name: t("panel.perceptron.examples") },
    y: { low: 0, high, name: t("panel.perceptron.mistakes") },
    colours,
    label: countText(mistakes, step, bound),
    marks: (context, toX, toY, area) => {
      line(context, xs, ys, toX, toY, { colour: colours.strong });
      if (bound === null) return;
      context.font = FONT;
      context.fillStyle = colours.accent;
      context.textAlign = "right";
      context.textBaseline = "top";
      if (inSight)
        line(context, [0, Math.max(10, ...xs)], [bound, bound], toX, toY, { colour: colours.accent, dash: [6, 4] });
      context.fillText(
        `${t("panel.perceptron.bound")} ${integer(Math.floor(bound))}${inSight ? "" : " ↑"}`,
        area.x + area.width - 6,
        inSight ? toY(bound) + 5 : area.y + 6,
      );
    },
  });
}

function countText(mistakes, step, bound) {
  const values = { mistakes: integer(mistakes), examples: integer(step) };
  if (bound === null) return t("panel.perceptron.count_description", values);
  return t("panel.perceptron.bound_description", { ...values, bound: integer(Math.floor(bound)) });
}

const SHOWN = 60; // of the last mistakes

function drawReturns(canvas, { returns }, colours) {
  const all = Array.from(returns.which);
  const from = Math.max(0, all.length - SHOWN);
  const xs = all.slice(from).map((_, i) => from + i + 1);
  const ys = all.slice(from).map((which) => which + 1);
  const [xAll, yAll] =
    from === 0
      ? [
          [0, ...xs],
          [1, ...ys],
        ]
      : [xs, ys];
  chart(canvas, {
    x: { low: from, high: Math.max(from + 10, from + all.length - from), name: t("panel.perceptron.mistakes") },
    y: { low: 0, high: Math.max(5, returns.visited) * ROOM, name: t("panel.perceptron.line_index") },
    colours,
    label: t("panel.perceptron.lines_description", { lines: returns.visited, mistakes: integer(all.length) }),
    marks: (context, toX, toY) => {
      line(context, xAll, yAll, toX, toY, { colour: colours.muted, width: 1.2 });
      context.fillStyle = colours.accent;
      xAll.forEach((x, i) => {
        context.beginPath();
        context.arc(toX(x), toY(yAll[i]), 3.2, 0, 2 * Math.PI);
        context.fill();
      });
    },
  });
}
