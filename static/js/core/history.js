// The recorded points of a run, in columns; merges the history request with the stream, without gaps or duplicates.

const SCALARS = ["step", "epoch", "train_loss", "validation_loss", "test_loss", "penalty"];

export function emptyHistory(attempt = 0) {
  return { attempt, columns: Object.fromEntries(SCALARS.map((name) => [name, []])), metrics: {} };
}

/** The history with the points of a frame appended; a new attempt replaces it, an older one is ignored. */
export function append(history, attempt, points) {
  if (attempt < history.attempt) return history;
  const base = attempt > history.attempt ? emptyHistory(attempt) : history;
  const last = base.columns.step.at(-1) ?? -1;
  const from = points.step.findIndex((step) => step > last);
  if (from < 0) return base;
  for (const name of SCALARS) pushColumn(base.columns[name], points[name], from, points.step.length);
  for (const [name, column] of Object.entries(points.metrics ?? {})) {
    base.metrics[name] ??= new Array(base.columns.step.length - (points.step.length - from)).fill(null);
    pushColumn(base.metrics[name], column, from, points.step.length);
  }
  // The arrays grow in place; panels compare by identity and see the change by the new object.
  return { ...base };
}

function pushColumn(target, column, from, to) {
  for (let i = from; i < to; i++) target.push(column?.[i] ?? null);
}

/** The answer of the history request, continued by `streamed`: the points that arrived before the answer. */
export function fromAnswer(answer, streamed) {
  const base = append(emptyHistory(answer.attempt), answer.attempt, answer);
  if (!streamed || streamed.attempt < base.attempt) return base;
  return append(base, streamed.attempt, { ...streamed.columns, metrics: streamed.metrics });
}

/** The key of the present attempt's history: `history` is that of an earlier attempt while `presentHistory` is set. */
export const presentKey = ({ presentHistory }) => (presentHistory ? "presentHistory" : "history");

/** Names of the metrics without data part and statistic, in recorded order ("train_accuracy" → "accuracy"). */
export function metricNames(history) {
  const names = Object.keys(history.metrics).map(withoutPart);
  return [...new Set(names)];
}

const withoutPart = (name) => name.replace(/^(train|validation|test)_/, "").replace(/_(mean|std|p10|p90)$/, "");
