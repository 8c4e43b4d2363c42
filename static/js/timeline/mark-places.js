// Places of the marks at the axis of the time line: what the handle or the star would hide is drawn above it.

// Offsets from the axis in pixels, in the order in which they are tried.
const PLACES = [[0, 0], [0, -11], [11, -11], [-11, -11]];

/** The first place at which a mark of this radius at `x` overlaps none of `taken`, {x, y, radius}: {x, y, radius}. */
export function freePlace(x, radius, taken) {
  const places = PLACES.map(([right, down]) => ({ x: x + right, y: down, radius }));
  const isFree = (place) => taken.every((other) => distance(place, other) >= radius + other.radius);
  return places.find(isFree) ?? places.at(-1);
}

const distance = (first, second) => Math.hypot(first.x - second.x, first.y - second.y);
