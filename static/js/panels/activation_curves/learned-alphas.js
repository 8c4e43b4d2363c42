// The learned α of PReLU units over the steps: one line per unit.

import { classColour, css } from "../../core/colours.js";
import { setProperty } from "../../core/dom.js";
import { integer, number, numbers } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { canvasIn, chart, dot, line, rangeOf } from "../shared/chart.js";
import { recordedFrames } from "../shared/recorded-frames.js";
import { nearestIndex, setCursorOnHover } from "../shared/step-cursor.js";

const MAX_ENTRIES = 300;
const MAX_LINES = 24;
const MAX_VALUES = 4; // written beside the cursor step

/** `show(box, frame, earlier, state)` adds the frame to the recorded values and draws them; hidden without PReLU. */
export function learnedAlphas(store) {
  const recorded = recordedFrames({ entryOf, identityOf, max: MAX_ENTRIES });
  let chartState = null; // the canvas, its steps, and toX
  const stepAt = (x) => chartState.steps[nearestIndex(chartState.steps.map(chartState.toX), x)];
  return {
    show(box, frame, earlier, { colours, stepCursor }) {
      const layers = learningLayers(frame);
      setProperty(box, "hidden", !layers.length);
      if (!layers.length) return;
      recorded.add(frame);
      recorded.addEarlier(earlier);
      const isFirst = !chartState;
      chartState = draw(box, recorded.entries, layers, colours, stepCursor);
      if (isFirst) setCursorOnHover(chartState.canvas, store, "alphas", stepAt);
    },
  };
}

const learningLayers = ({ layers }) => layers.filter((layer) => layer.activation === "prelu" && layer.alpha.length);

const valuesOf = (frame) =>
  learningLayers(frame)
    .flatMap((layer) => [...layer.alpha])
    .slice(0, MAX_LINES);

const entryOf = (frame) => ({ step: frame.step, values: valuesOf(frame) });
const identityOf = (frame) => `${frame.run}/${frame.attempt}/${valuesOf(frame).length}`;

/** Draws the lines, and the values at the cursor step; returns the canvas, its steps and toX. */
function draw(box, entries, layers, colours, stepCursor) {
  const [low, high] = rangeOf(...entries.map(({ values }) => values), [0]);
  const steps = entries.map(({ step }) => step);
  const canvas = canvasIn(box, "alpha-chart");
  const index = stepCursor ? nearestIndex(steps, stepCursor.step) : steps.length - 1;
  const { step, values } = entries[index];
  const parameters = { step: integer(step), values: numbers(values) };
  const axes = chart(canvas, {
    colours,
    x: { low: steps[0], high: Math.max(steps.at(-1), steps[0] + 1), name: t("panel.activation_curves.step") },
    y: { low: low - 0.05, high: high + 0.05, name: t("panel.activation_curves.alphas") },
    label: t("panel.activation_curves.alphas_description", parameters),
    marks: (context, toX, toY, area) => {
      drawLines(context, entries, layers, toX, toY);
      if (stepCursor) drawCursorStep(context, toX(step), toY, area, entries[index], colours);
    },
  });
  return { canvas, steps, toX: axes?.toX ?? (() => 0) };
}

/** One colour per layer, dashed from the second layer on. */
function drawLines(context, entries, layers, toX, toY) {
  const steps = entries.map(({ step }) => step);
  const layerOfUnit = layers.flatMap((layer, index) => Array(layer.alpha.length).fill(index));
  layerOfUnit.slice(0, MAX_LINES).forEach((layer, unit) => {
    const values = entries.map((entry) => entry.values[unit]);
    const style = { colour: css(classColour(layer + 1)), width: 1.6, dash: layer ? [5, 3] : [] };
    line(context, steps, values, toX, toY, style);
  });
}

function drawCursorStep(context, x, toY, area, { step, values }, colours) {
  const style = { colour: colours.strong, width: 1, dash: [3, 3] };
  line(context, [0, 1], [0, 1], () => x, (fraction) => area.y + fraction * area.height, style);
  for (const value of values) dot(context, x, toY(value), 3, colours.strong, colours.panel);
  context.fillStyle = colours.text;
  context.textBaseline = "bottom";
  context.textAlign = x > area.x + area.width / 2 ? "right" : "left";
  const texts = values.slice(0, MAX_VALUES).map((value) => number(value)).join("  ");
  const numbers = values.length > MAX_VALUES ? `${texts} …` : texts;
  const text = t("panel.activation_curves.step_values", { step: integer(step), values: numbers });
  context.fillText(` ${text} `, x, area.y + area.height - 3);
}
