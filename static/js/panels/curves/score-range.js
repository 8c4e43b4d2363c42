// The axis of the score beside the loss.

/** The range of the axis: 0 to 1 of an accuracy, from at least -1 to 1 of R², else that of the values. */
export function scoreRange({ column, y }) {
  const values = y.filter(Number.isFinite);
  const least = Math.min(...values);
  if (column.endsWith("accuracy")) return [0, 1];
  if (column.endsWith("_r2")) return [Math.max(-1, Math.min(0, least)), 1];
  return [Math.min(0, least), Math.max(...values, least + 1e-9)];
}
