// Places of the marks at the axis of the time line: what the handle or the star would hide is drawn above it.

// Offsets from the axis in pixels, in the order in which they are tried.
const PLACES = [[0, 0], [0, -11], [11, -11], [-11, -11]];

/** The first place at which a mark of this radius at `x` overlaps none of `taken`, {x, y, radius}: {x, y, radius}. */
export function freePlace(x, radius, taken) {
  const places = PLACES.map(([right, down]) => ({ x: x + right, y: down, radius }));
  const isFree = (place) => taken.every((other) => distance(place, other) >= radius + other.radius);
  return places.find(isFree) ?? places.at(-1);
}

/**
 * Events, {step, event}, whose marks would overlap as one group, {x, kind, count}: at the first of them, of the kind
 * that comes first in `order`. `count` is without the events of the last kind, unless there are no others.
 */
export function groups(events, xOf, distance, kindOf, order) {
  const found = [];
  for (const { step, event } of events) {
    const [x, kind] = [xOf(step), kindOf(event)];
    if (!(x - found.at(-1)?.x <= distance)) found.push({ x, kinds: [] });
    found.at(-1).kinds.push(kind);
  }
  return found.map(({ x, kinds }) => {
    const counted = kinds.filter((kind) => kind !== order.at(-1));
    return { x, kind: order.find((kind) => kinds.includes(kind)), count: counted.length || 1 };
  });
}

const distance = (first, second) => Math.hypot(first.x - second.x, first.y - second.y);
