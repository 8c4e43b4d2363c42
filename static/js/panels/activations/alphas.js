// The slopes that PReLU has learned, over the steps: one line per unit.

import { classColour, css } from "../../colours.js";
import { number } from "../../format.js";
import { canvasIn, chart, line, span } from "../chart.js";

const MOST = 300;
const MOST_LINES = 24;

/** Remembers the alphas of the frames it is shown and draws them where any layer learns its own. */
export function alphaMemory() {
  let identity = "";
  let entries = [];
  let recalled = null;
  return {
    show(box, frame, earlier, colours) {
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
      draw(box, entries, learned, colours);
    },
  };
}

const learnedIn = ({ layers }) => layers.filter((layer) => layer.activation === "prelu" && layer.alpha.length);

const valuesOf = (frame) => learnedIn(frame).flatMap((layer) => [...layer.alpha]).slice(0, MOST_LINES);

/** Moments from before the panel was opened, as they were recorded. */
function withEarlier(entries, frames, now) {
  const held = new Set(entries.map(({ step }) => step));
  const fitting = frames.map((frame) => ({ step: frame.step, values: valuesOf(frame), identity: `${frame.run}/${frame.attempt}` }))
    .filter(({ step, values, identity }) => !held.has(step) && step < entries.at(-1).step && `${identity}/${values.length}` === now);
  return [...fitting, ...entries].sort((one, other) => one.step - other.step);
}

function draw(box, entries, learned, colours) {
  const [low, high] = span(...entries.map(({ values }) => values), [0]);
  const steps = entries.map(({ step }) => step);
  chart(canvasIn(box, "alpha-chart"), {
    colours, x: { low: steps[0], high: Math.max(steps.at(-1), steps[0] + 1), name: "step" }, y: { low: low - 0.05, high: high + 0.05, name: "α of each PReLU unit" },
    label: `Learned slopes at step ${steps.at(-1)}: ${entries.at(-1).values.map((value) => number(value)).join(", ")}`,
    marks: (context, toX, toY) => {
      let place = 0;
      learned.forEach((layer, index) => layer.alpha.forEach(() => {
        const at = place++;
        if (at < MOST_LINES) line(context, steps, entries.map(({ values }) => values[at]), toX, toY, { colour: css(classColour(index + 1)), width: 1.6, dash: index ? [5, 3] : [] });
      }));
    },
  });
}
