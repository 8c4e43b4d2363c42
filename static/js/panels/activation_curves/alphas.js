// The slopes that PReLU has learned, over the steps: one line per unit.

import { classColour, css } from "../../core/colours.js";
import { number } from "../../core/formats.js";
import { canvasIn, chart, dot, line, span } from "../shared/chart.js";
import { nearest, setCursorOnHover } from "../shared/step-cursor.js";

const MOST = 300;
const MOST_LINES = 24;
const MOST_TOLD = 4;

/** Remembers the alphas of the frames it is shown and draws them where any layer learns its own. */
export function alphaMemory(store) {
  let identity = "";
  let entries = [];
  let recalled = null;
  let drawn = null; // the canvas, the steps on it, and where they lie
  const stepAt = (x) => drawn.steps[nearest(drawn.steps.map(drawn.toX), x)];
  return {
    show(box, frame, earlier, { colours, stepCursor }) {
      const learned = learnedIn(frame);
      box.hidden = !learned.length;
      if (!learned.length) return;
      const values = valuesOf(frame);
      const now = `${frame.run}/${frame.attempt}/${values.length}`;
      if (now !== identity || frame.step < (entries.at(-1)?.step ?? 0)) entries = [];
      identity = now;
      entries = [...entries.filter(({ step }) => step !== frame.step), { step: frame.step, values }];
      if (entries.length > MOST) entries = entries.filter((_, i) => i % 2 === 0 || i === entries.length - 1);
      if (earlier && earlier !== recalled) entries = withEarlier(entries, earlier, now);
      recalled = earlier;
      const known = drawn;
      drawn = draw(box, entries, learned, colours, stepCursor);
      if (!known) setCursorOnHover(drawn.canvas, store, "alphas", stepAt);
    },
  };
}

const learnedIn = ({ layers }) => layers.filter((layer) => layer.activation === "prelu" && layer.alpha.length);

const valuesOf = (frame) =>
  learnedIn(frame)
    .flatMap((layer) => [...layer.alpha])
    .slice(0, MOST_LINES);

/** Moments from before the panel was opened, as they were recorded. */
function withEarlier(entries, frames, now) {
  const held = new Set(entries.map(({ step }) => step));
  const fitting = frames
    .map((frame) => ({ step: frame.step, values: valuesOf(frame), identity: `${frame.run}/${frame.attempt}` }))
    .filter(
      ({ step, values, identity }) =>
        !held.has(step) && step < entries.at(-1).step && `${identity}/${values.length}` === now,
    );
  return [...fitting, ...entries].sort((one, other) => one.step - other.step);
}

/** Draws the lines, and the step `shown` with its values on them; returns what finds a step under the pointer again. */
function draw(box, entries, learned, colours, shown) {
  const [low, high] = span(...entries.map(({ values }) => values), [0]);
  const steps = entries.map(({ step }) => step);
  const canvas = canvasIn(box, "alpha-chart");
  const at = shown ? nearest(steps, shown.step) : steps.length - 1;
  const placed = chart(canvas, {
    colours,
    x: { low: steps[0], high: Math.max(steps.at(-1), steps[0] + 1), name: "step" },
    y: { low: low - 0.05, high: high + 0.05, name: "α of each PReLU unit" },
    label: `Learned slopes at step ${steps[at]}: ${entries[at].values.map((value) => number(value)).join(", ")}`,
    marks: (context, toX, toY, area) => {
      let place = 0;
      learned.forEach((layer, index) =>
        layer.alpha.forEach(() => {
          const unit = place++;
          if (unit < MOST_LINES)
            line(
              context,
              steps,
              entries.map(({ values }) => values[unit]),
              toX,
              toY,
              { colour: css(classColour(index + 1)), width: 1.6, dash: index ? [5, 3] : [] },
            );
        }),
      );
      if (shown) pointOut(context, toX(steps[at]), toY, area, entries[at], colours);
    },
  });
  return { canvas, steps, toX: placed?.toX ?? (() => 0) };
}

function pointOut(context, x, toY, area, { step, values }, colours) {
  line(
    context,
    [0, 1],
    [0, 1],
    () => x,
    (share) => area.y + share * area.height,
    { colour: colours.strong, width: 1, dash: [3, 3] },
  );
  for (const value of values) dot(context, x, toY(value), 3, colours.strong, colours.panel);
  context.fillStyle = colours.text;
  context.textBaseline = "bottom";
  context.textAlign = x > area.x + area.width / 2 ? "right" : "left";
  const told = values
    .slice(0, MOST_TOLD)
    .map((value) => number(value))
    .join("  ");
  context.fillText(
    ` step ${step.toLocaleString("en")}: ${told}${values.length > MOST_TOLD ? " …" : ""} `,
    x,
    area.y + area.height - 3,
  );
}
