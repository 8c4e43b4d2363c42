// The local model of the drawn points, and the operations that make the points of the server equal to it. Pure.

const PARTS = ["train", "validation", "test"];

/** All points as {part, inputs, target, serverIndex, isMoved}; `serverIndex` is null for a new point. */
export function modelOf(points) {
  return PARTS.flatMap((part) => {
    const { inputs: rows, targets } = points[part];
    const point = (inputs, i) => ({ part, inputs, target: targets[i], serverIndex: i, isMoved: false });
    return rows.map(point);
  });
}

/** The number of points of each part at the server. */
export const countsOf = (points) => Object.fromEntries(PARTS.map((part) => [part, points[part].inputs.length]));

/** The operations for the server, and its numbers of points after them; updates the model as if they were applied. */
export function operationsOf(model, counts) {
  const existing = model.filter(({ serverIndex }) => serverIndex !== null);
  const remaining = new Set(existing.map(({ part, serverIndex }) => `${part}/${serverIndex}`));
  const pointsAt = (part) => Array.from({ length: counts[part] }, (_, index) => ({ part, index }));
  const remove = PARTS.flatMap(pointsAt).filter(({ part, index }) => !remaining.has(`${part}/${index}`));
  const moved = existing.filter(({ isMoved }) => isMoved);
  const move = moved.map(({ part, serverIndex, inputs, target }) => ({ part, index: serverIndex, inputs, target }));
  const added = model.filter(({ serverIndex }) => serverIndex === null);
  const add = added.map(({ part, inputs, target }) => ({ part, inputs, target }));
  const next = { train: 0, validation: 0, test: 0 };
  for (const point of model) Object.assign(point, { serverIndex: next[point.part]++, isMoved: false });
  return { operations: { move, remove, add }, counts: next };
}

/** The points of the state with those of the model instead. */
export function shownPoints(points, model) {
  const pointsOf = (part) => {
    const pointsOfPart = model.filter((point) => point.part === part);
    const [inputs, targets] = [pointsOfPart.map((point) => point.inputs), pointsOfPart.map((point) => point.target)];
    return { ...points[part], inputs, targets };
  };
  return { ...points, ...Object.fromEntries(PARTS.map((part) => [part, pointsOf(part)])) };
}
