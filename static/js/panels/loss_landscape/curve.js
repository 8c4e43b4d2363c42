// The loss over one weight, with its tangent, the next step of gradient descent, and earlier values of the weight.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { chart, dot, line, rangeOf } from "../shared/chart.js";
import { weightName } from "./names.js";

export function drawCurve(canvas, frame, colours) {
  const { values, loss, weight, layers } = frame;
  const [left, right] = rangeOf(values);
  const [low, high] = rangeOf(loss);
  const pad = (high - low) * 0.06;
  chart(canvas, {
    colours,
    x: { low: left, high: right, name: weightName(weight, layers) },
    y: { low: low - pad, high: high + pad, name: t("panel.loss_landscape.loss") },
    label: description(frame),
    marks: (context, toX, toY, area) => drawMarks(context, frame, { toX, toY, area, colours }),
  });
}

function drawMarks(context, { values, loss, present, next, tangent, walked }, { toX, toY, area, colours }) {
  if (walked) drawEarlier(context, walked.values, toX, area, colours);
  line(context, values, loss, toX, toY, { colour: colours.strong, width: 2.4 });
  line(context, tangent.values, tangent.loss, toX, toY, { colour: colours.accent, width: 2 });
  if (next) dot(context, toX(next.value), toY(next.loss), 6, colours.panel, colours.accent);
  dot(context, toX(present.value), toY(present.loss), 5, colours.accent, colours.panel);
}

/** Earlier values of the weight as ticks at the lower side; later ones are longer. */
function drawEarlier(context, values, toX, area, colours) {
  context.fillStyle = colours.muted;
  values.forEach((value, i) => {
    const height = 4 + (10 * (i + 1)) / values.length;
    context.fillRect(toX(value) - 0.5, area.y + area.height - height, 1, height);
  });
}

function description({ weight, layers, present, slope, next }) {
  return t("panel.loss_landscape.weight_description", {
    weight: weightName(weight, layers),
    value: number(present.value),
    loss: number(present.loss),
    slope: number(slope),
    next: number(next?.value),
  });
}
