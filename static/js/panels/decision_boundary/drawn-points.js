// The points as drawn: a list that is ahead of the server, and the operations that bring the server up to date. Pure.

const PARTS = ["train", "validation", "test"];

/** All points as {part, inputs, target, from, moved}; `from` is the index at the server, null for a new point. */
export function modelOf(points) {
  return PARTS.flatMap((part) => {
    const { inputs: rows, targets } = points[part];
    return rows.map((inputs, from) => ({ part, inputs, target: targets[from], from, moved: false }));
  });
}

/** The number of points of each part at the server. */
export const countsOf = (points) => Object.fromEntries(PARTS.map((part) => [part, points[part].inputs.length]));

/** The operations that give the server the points of the model, and its counts after them; updates the model. */
export function operationsOf(model, counts) {
  const kept = model.filter(({ from }) => from !== null);
  const remaining = new Set(kept.map(({ part, from }) => `${part}/${from}`));
  const before = PARTS.flatMap((part) => Array.from({ length: counts[part] }, (_, index) => ({ part, index })));
  const remove = before.filter(({ part, index }) => !remaining.has(`${part}/${index}`));
  const moved = kept.filter((point) => point.moved);
  const move = moved.map(({ part, from, inputs, target }) => ({ part, index: from, inputs, target }));
  const added = model.filter(({ from }) => from === null);
  const add = added.map(({ part, inputs, target }) => ({ part, inputs, target }));
  const next = { train: 0, validation: 0, test: 0 };
  for (const point of model) Object.assign(point, { from: next[point.part]++, moved: false });
  return { operations: { move, remove, add }, counts: next };
}

/** The points of the state, replaced by those of the model. */
export function shownPoints(points, model) {
  const pointsOf = (part) => {
    const own = model.filter((point) => point.part === part);
    return { ...points[part], inputs: own.map(({ inputs }) => inputs), targets: own.map(({ target }) => target) };
  };
  return { ...points, ...Object.fromEntries(PARTS.map((part) => [part, pointsOf(part)])) };
}
