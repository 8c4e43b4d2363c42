// The points as they are drawn: a list that is ahead of the server, and the operations that make the server follow. Pure.

const PARTS = ["train", "validation", "test"];

/** Every point of a run as {part, inputs, target, from, moved}; `from` is its index at the server, null where it is new. */
export function modelOf(points) {
  return PARTS.flatMap((part) => points[part].inputs.map((inputs, from) => ({ part, inputs, target: points[part].targets[from], from, moved: false })));
}

/** How many points of each part the server has. */
export const countsOf = (points) => Object.fromEntries(PARTS.map((part) => [part, points[part].inputs.length]));

/** What the server has to do to have the points of the model, which then count as known there; the counts follow. */
export function operationsOf(model, counts) {
  const kept = model.filter(({ from }) => from !== null);
  const there = new Set(kept.map(({ part, from }) => `${part}/${from}`));
  const remove = PARTS.flatMap((part) => Array.from({ length: counts[part] }, (_, index) => ({ part, index }))).filter(({ part, index }) => !there.has(`${part}/${index}`));
  const move = kept.filter(({ moved }) => moved).map(({ part, from, inputs, target }) => ({ part, index: from, inputs, target }));
  const add = model.filter(({ from }) => from === null).map(({ part, inputs, target }) => ({ part, inputs, target }));
  const next = { train: 0, validation: 0, test: 0 };
  for (const point of model) Object.assign(point, { from: next[point.part]++, moved: false });
  return { operations: { move, remove, add }, counts: next };
}

/** The points of the state with those of the model in place of them. */
export function shownPoints(points, model) {
  const of = (part) => {
    const mine = model.filter((point) => point.part === part);
    return { ...points[part], inputs: mine.map(({ inputs }) => inputs), targets: mine.map(({ target }) => target) };
  };
  return { ...points, ...Object.fromEntries(PARTS.map((part) => [part, of(part)])) };
}
