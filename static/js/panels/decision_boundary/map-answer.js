// The network's answer at a place of the output map, from the values that the map shows.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { focusUnit, unitName } from "../../studio/units.js";
import { classNames, taskOf } from "../shared/scales.js";

/** With fewer digits while the run trains, when the stream rounds the values. */
const valueText = ({ frame }, value) => number(value, frame.rounded ? 2 : 3);

/** "Network: 0.93, first arm" at data coordinates; null where the map shows no single value. */
export function answerAt(plot, state, [x, y]) {
  if (["unit", "all_outputs"].includes(plot.kind) || state.run?.status === "diverged") return null;
  const unit = focusUnit(state);
  const maps = plot.kind === "classes" ? plot.outputs : 1;
  const values = Array.from({ length: maps }, (_, index) => valueAt(plot, index, x, y));
  if (!values.every(Number.isFinite)) return null;
  if (unit) return `${unitName(state, unit)}: ${valueText(plot, values[0])}`;
  return t("panel.decision_boundary.answer", { answer: answerText(plot, state, values) });
}

/** A value of the map between its cells, whose outermost lie on the border; row 0 is at the bottom. */
function valueAt({ values, rows, columns, frame }, index, x, y) {
  const place = (value, [low, high], count) => (count > 1 ? ((value - low) / (high - low)) * (count - 1) : 0);
  const [column, row] = [place(x, frame.x, columns), rows > 1 ? place(y, frame.y, rows) : 0];
  const [left, below] = [column, row].map(Math.floor);
  const at = (r, c) => values[(index * rows + Math.min(rows - 1, r)) * columns + Math.min(columns - 1, c)];
  const between = (start, end, share) => start + (end - start) * share;
  return between(
    between(at(below, left), at(below, left + 1), column - left),
    between(at(below + 1, left), at(below + 1, left + 1), column - left), row - below);
}

function answerText(plot, state, values) {
  const names = classNames(state);
  const named = (value, index) =>
    t("panel.decision_boundary.answer_class", { value: valueText(plot, value), name: names?.[index] ?? index });
  if (plot.kind === "classes") {
    const index = values.indexOf(Math.max(...values));
    return named(values[index], index);
  }
  if (plot.kind === "probability") return named(values[0], plot.output);
  if (taskOf(state) === "binary") return named(values[0], values[0] >= plot.scale.centre ? 1 : 0);
  return valueText(plot, values[0]);
}
