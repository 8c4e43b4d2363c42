// Positions among the recorded steps and among the events of an attempt; lists of steps are in increasing order.

/** The number of steps in `steps` that are at most `step`. */
export function countUpTo(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The next step of the list after `step`, or before it if `direction` is -1; null if there is none. */
export function neighbour(steps, step, direction) {
  const index = direction > 0 ? countUpTo(steps, step) : countUpTo(steps, step - 1) - 1;
  return steps[index] ?? null;
}

/** The recorded step that is drawn nearest to position `x`, if it is within `distance` pixels; else the step at `x`. */
export function snapped(steps, scale, x, distance) {
  const step = scale.step(x);
  const count = countUpTo(steps, step);
  const near = [steps[count - 1], steps[count]].filter(
    (candidate) => candidate !== undefined && Math.abs(scale.x(candidate) - x) <= distance);
  return near.sort((a, b) => Math.abs(scale.x(a) - x) - Math.abs(scale.x(b) - x))[0] ?? step;
}

/** The steps of a list inside a marked part [first, last]; all of them without one, or if the part has none. */
export function within(steps, part) {
  const inside = part ? steps.filter((step) => step >= part[0] && step <= part[1]) : steps;
  return inside.length ? inside : steps;
}
