// The curves: columns of points that grow, merged from the history call and the stream without gap or duplicate.

const SCALARS = ["step", "epoch", "train_loss", "validation_loss", "test_loss", "penalty"];

export function emptyHistory(attempt = 0) {
  return { attempt, columns: Object.fromEntries(SCALARS.map((name) => [name, []])), metrics: {} };
}

/** The history with the points of a frame behind it; a new attempt begins anew, an older one is ignored. */
export function append(history, attempt, points) {
  if (attempt < history.attempt) return history;
  const base = attempt > history.attempt ? emptyHistory(attempt) : history;
  const last = base.columns.step.at(-1) ?? -1;
  const from = points.step.findIndex((step) => step > last);
  if (from < 0) return base;
  for (const name of SCALARS) pushColumn(base.columns[name], points[name], from, points.step.length);
  for (const [name, column] of Object.entries(points.metrics ?? {})) {
    const held = (base.metrics[name] ??= new Array(base.columns.step.length - (points.step.length - from)).fill(null));
    pushColumn(held, column, from, points.step.length);
  }
  // The columns are shared and only ever grow; a new wrapper tells those who draw that they did.
  return { ...base };
}

function pushColumn(held, column, from, to) {
  for (let i = from; i < to; i++) held.push(column?.[i] ?? null);
}

/** The answer of the history call, followed by the points that the stream sent in the meantime. */
export function fromAnswer(answer, meanwhile) {
  const base = append(emptyHistory(answer.attempt), answer.attempt, answer);
  if (!meanwhile || meanwhile.attempt < base.attempt) return base;
  return append(base, meanwhile.attempt, { ...meanwhile.columns, metrics: meanwhile.metrics });
}

/** Every metric's name without its part or kind ("train_accuracy" → "accuracy", "return_p90" → "return"), in the order they came. */
export function metricNames(history) {
  return [...new Set(Object.keys(history.metrics).map((name) => name.replace(/^(train|validation|test)_/, "").replace(/_(mean|std|p10|p90)$/, "")))];
}

/** Indices to draw of a long curve: per bucket the lowest and the highest, always the first and the last. */
export function thin(values, wanted = 400) {
  const n = values.length;
  if (n <= wanted) return Array.from({ length: n }, (_, i) => i);
  const buckets = Math.floor(wanted / 2) - 1;
  const kept = [0];
  for (let b = 0; b < buckets; b++) {
    const [from, to] = [1 + Math.floor((b * (n - 2)) / buckets), 1 + Math.floor(((b + 1) * (n - 2)) / buckets)];
    kept.push(...extremes(values, from, to));
  }
  kept.push(n - 1);
  return kept;
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
