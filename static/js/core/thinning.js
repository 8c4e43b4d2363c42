// Curves of many points, thinned to the resolution of a screen.

/** Indices of at most `limit` points of a curve: the minimum and maximum of each bucket, the first and the last. */
export function thin(values, limit = 400) {
  const n = values.length;
  if (n <= limit) return Array.from({ length: n }, (_, i) => i);
  const buckets = Math.floor(limit / 2) - 1;
  const indices = [0];
  for (let b = 0; b < buckets; b++) {
    const [from, to] = [1 + Math.floor((b * (n - 2)) / buckets), 1 + Math.floor(((b + 1) * (n - 2)) / buckets)];
    indices.push(...extremes(values, from, to));
  }
  indices.push(n - 1);
  return indices;
}

function extremes(values, from, to) {
  let [low, high] = [-1, -1];
  for (let i = from; i < to; i++) {
    if (values[i] === null) continue;
    if (low < 0 || values[i] < values[low]) low = i;
    if (high < 0 || values[i] > values[high]) high = i;
  }
  if (low < 0) return [];
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}
