// One data point: its name, and the one that is nearest to a position. Needed when a map is read or drawn on.

import { t } from "../../core/text.js";

/** "Training point 12". */
export const pointName = (part, index) => t(`panel.shared.point.${part}`, { index });

/** The point nearest to (px, py) on the canvas within `maxDistance` pixels, or null. */
export function nearestPoint(points, px, py, { toX, toY }, maxDistance = 9) {
  let nearest = null;
  let distance = maxDistance * maxDistance;
  for (const point of points) {
    const d = (toX(point.x) - px) ** 2 + (toY(point.y) - py) ** 2;
    if (d < distance) [nearest, distance] = [point, d];
  }
  return nearest;
}
