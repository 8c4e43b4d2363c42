// The axis of the time line: from steps to positions and back, linear or logarithmic, and its labels.

const LOG_FROM = 1000; // steps: from three decades on the axis is logarithmic
const LABEL_WIDTH = 64; // pixels that a label needs

/** The step with which the attempts of the page's run begin: 0, or that of its parent from which it continues. */
export const firstStep = ({ run }) => run.parent?.step ?? 0;

/**
 * The axis of an attempt of the steps from `first` to `last` over `width` pixels: `log`, `x(step)` in pixels,
 * `step(x)` as an integer from `first` to `last`. Logarithmic axes show log(1 + steps since `first`).
 */
export function timeScale(last, width, first = 0) {
  const log = last - first >= LOG_FROM;
  const end = Math.max(1, last - first);
  const share = log ? (count) => Math.log1p(count) / Math.log1p(end) : (count) => count / end;
  const inverse = log ? (part) => Math.expm1(part * Math.log1p(end)) : (part) => part * end;
  return {
    log, first, last, width,
    x: (step) => width * Math.min(1, Math.max(0, share(Math.max(0, step - first)))),
    step: (x) => Math.min(last, first + Math.round(inverse(Math.min(1, Math.max(0, x / Math.max(1, width)))))),
  };
}

/** The steps to label, without labels that would overlap: the first, round steps, and the last one. */
export function labelledSteps(scale) {
  const { first, last, log, width } = scale;
  const size = roundStep((last - first) * (LABEL_WIDTH / Math.max(1, width)));
  const round = log ? decades(first, last) : multiples(first, last, size);
  const shown = [];
  for (const step of [...round, last]) {
    const isLast = step === last;
    while (isLast && shown.length && scale.x(step) - scale.x(shown.at(-1)) < LABEL_WIDTH) shown.pop();
    if (!shown.length || scale.x(step) - scale.x(shown.at(-1)) >= LABEL_WIDTH) shown.push(step);
  }
  return shown;
}

function decades(first, last) {
  const steps = [first];
  for (let count = 1; first + count < last; count *= 10) steps.push(first + count);
  return steps;
}

function multiples(first, last, size) {
  const steps = [first];
  for (let step = size * (Math.floor(first / size) + 1); step < last; step += size) steps.push(step);
  return steps;
}

/** The smallest of 1, 2, 5, 10, 20 ... that is at least `least`. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? 10 * power;
}
