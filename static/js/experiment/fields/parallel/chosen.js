// Which members are chosen by the ranges of the axes and the number of the best ones.

/** The ids of the chosen members, or null if nothing restricts them. The best ones are those of the chosen ranges. */
export function chosenRuns({ axes, entries, ranges, best, answer }) {
  if (!ranges.size && best === null) return null;
  const restricted = axes.filter(({ path }) => ranges.has(path));
  const fits = (entry) => restricted.every((axis) => isInside(axis.coordinate(entry), ranges.get(axis.path)));
  const inside = entries.filter(fits);
  if (best === null) return new Set(inside.map(({ run }) => run));
  const sign = answer.higher_is_better ? -1 : 1;
  const ranked = inside.filter(({ value }) => value !== null).sort((a, b) => sign * (a.value - b.value));
  return new Set(ranked.slice(0, best).map(({ run }) => run));
}

const isInside = (coordinate, [low, high]) => coordinate !== null && coordinate >= low && coordinate <= high;
