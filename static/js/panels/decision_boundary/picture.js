// What the output map shows: the values of the output or of one unit, how they are drawn, and over which ranges.

import { focusUnit } from "../../studio/units.js";
import { placedPoints } from "../shared/points.js";
import { classNames, extent, oneOfMany, outputScale, taskOf, unitScale } from "../shared/scales.js";
import { displayMode } from "./display-options.js";

/**
 * What is shown, as {kind, frame, values, rows, columns, scale, ...}, or null where there is no frame of this run.
 * `kind`: curve, signed, small (the byte map of a unit), classes, probability, each. `sharp` is the unit's own frame.
 */
export function picture(state, unit = focusUnit(state), sharp = state["view:unit"]) {
  const whole = state["view:decision_boundary"];
  if (!whole || whole.run !== state.run?.id) return null;
  if (!unit) return outputPicture(state, whole);
  const last = (state.run?.config ?? state.draft).layers.length;
  if (unit.layer === last) return signedPicture(whole, unit.unit, outputScale(state, whole));
  if (sharp?.id.endsWith(`-${unit.layer}-${unit.unit}`) && sharp.run === state.run?.id) {
    return signedPicture(sharp, 0, unitScale(-extent(sharp.values), 0));
  }
  return smallPicture(state, unit, whole);
}

function outputPicture(state, frame) {
  const scale = outputScale(state, frame);
  if (frame.axes.length === 1) return { ...signedPicture(frame, 0, scale), kind: "curve" };
  const [outputs, rows, columns] = frame.values.shape;
  const mode = state.displayModule ? displayMode(state) : null; // before their module is loaded: the usual one
  const many = oneOfMany(state);
  const shared = { frame, values: frame.values, outputs, rows, columns };
  if (mode === "each" && outputs > 1) {
    return { kind: "each", ...shared, names: classNames(state), scale: many ? null : scale };
  }
  if (many && mode !== null && mode >= 0 && outputs > 1) {
    return { ...signedPicture(frame, Math.min(Number(mode), outputs - 1), scale), kind: "probability" };
  }
  if (many && outputs > 1) return { kind: "classes", ...shared };
  const label = taskOf(state) === "multilabel" ? Math.min(state.shownLabel ?? 0, outputs - 1) : 0;
  return { ...signedPicture(frame, label, scale), solid: mode === "surface" };
}

function signedPicture(frame, output, scale) {
  const { shape } = frame.values;
  const [, rows, columns] = shape.length === 3 ? shape : [1, 1, shape.at(-1)];
  const values = frame.values.subarray(output * rows * columns, (output + 1) * rows * columns);
  return { kind: frame.axes.length === 1 ? "curve" : "signed", frame, values, rows, columns, scale, output };
}

/** The small map of a unit from the network view, until the sharp one arrives. */
function smallPicture(state, { layer, unit }, whole) {
  const network = state["view:network"];
  const hidden = () => network?.layers.find((part, index) => (part.index ?? index) === layer);
  const part = layer < 0 ? network?.inputs : hidden();
  if (!part?.maps || unit >= part.maps.shape[0]) return null;
  const { maps, low, high } = part;
  const [, rows, columns] = maps.shape;
  const kind = whole.axes.length === 1 ? "curve" : "small";
  const fromByte = (byte) => low + ((high - low) * byte) / 255;
  const bytes = () => maps.subarray(unit * columns, (unit + 1) * columns);
  const values = kind === "curve" ? Float32Array.from(bytes(), fromByte) : null;
  return { kind, frame: whole, maps, unit, low, high, rows, columns, values, scale: unitScale(low, high) };
}

/** The ranges of the picture, and the functions that map data to canvas coordinates. */
export function axesOf(shown, area, state, unit) {
  const [x0, x1] = shown.frame.x;
  const [y0, y1] = shown.kind === "curve" ? curveRange(shown, state, unit) : shown.frame.y;
  return {
    x: [x0, x1], y: [y0, y1],
    toX: (x) => area.x + (area.width * (x - x0)) / (x1 - x0),
    toY: (y) => area.y + area.height - (area.height * (y - y0)) / (y1 - y0),
  };
}

/** The range of the targets, or of a unit's output, with 10 % margin. */
function curveRange(shown, state, unit) {
  const targets = unit ? [] : placedPoints(state, shown.frame).map((point) => point.y);
  const values = [...(targets.length ? targets : shown.values)].filter(Number.isFinite);
  const [low, high] = [Math.min(...values, -1), Math.max(...values, 1)];
  return [low - (high - low) * 0.1, high + (high - low) * 0.1];
}
