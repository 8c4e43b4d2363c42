// The axis of the time line: from steps to positions and back, linear or logarithmic, and its labels.

const LOG_FROM = 1000; // steps: from three decades on the axis is logarithmic
const LABEL_WIDTH = 64; // pixels that a label needs

/**
 * The axis of an attempt of `last` steps over `width` pixels: `log`, `x(step)` in pixels, `step(x)` as an integer
 * from 0 to `last`. Step 0 is the left end; logarithmic axes show log(1 + step).
 */
export function timeScale(last, width) {
  const log = last >= LOG_FROM;
  const end = Math.max(1, last);
  const share = log ? (step) => Math.log1p(step) / Math.log1p(end) : (step) => step / end;
  const inverse = log ? (part) => Math.expm1(part * Math.log1p(end)) : (part) => part * end;
  return {
    log, last, width,
    x: (step) => width * Math.min(1, Math.max(0, share(step))),
    step: (x) => Math.min(last, Math.max(0, Math.round(inverse(Math.min(1, Math.max(0, x / Math.max(1, width))))))),
  };
}

/** The steps to label, without labels that would overlap: round steps, and the last one. */
export function labelledSteps(scale) {
  const { last, log } = scale;
  const round = log ? decades(last) : multiples(last, roundStep(last * (LABEL_WIDTH / Math.max(1, scale.width))));
  const shown = [];
  for (const step of [...round, last]) {
    const isLast = step === last;
    while (isLast && shown.length && scale.x(step) - scale.x(shown.at(-1)) < LABEL_WIDTH) shown.pop();
    if (!shown.length || scale.x(step) - scale.x(shown.at(-1)) >= LABEL_WIDTH) shown.push(step);
  }
  return shown;
}

function decades(last) {
  const steps = [0];
  for (let step = 1; step < last; step *= 10) steps.push(step);
  return steps;
}

function multiples(last, size) {
  const steps = [];
  for (let step = 0; step < last; step += size) steps.push(step);
  return steps;
}

/** The smallest of 1, 2, 5, 10, 20 ... that is at least `least`. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? 10 * power;
}
