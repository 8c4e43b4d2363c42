// The content of the output map: values of the output or of one unit, how they are drawn, and the ranges of the axes.

import { focusUnit } from "../../studio/units.js";
import { plottedPoints } from "../shared/points.js";
import { classNames, extent, oneOfMany, outputScale, taskOf, unitScale } from "../shared/scales.js";
import { displayMode } from "./display-options.js";

/**
 * The content as {kind, frame, values, rows, columns, scale, ...}, or null without a frame of the current run.
 * `kind`: curve, signed, unit (the byte map of a unit), classes, probability, all_outputs. `unitFrame` is the frame of
 * the view `unit`, which has the full resolution.
 */
export function plotData(state, unit = focusUnit(state), unitFrame = state["view:unit"]) {
  const outputFrame = state["view:decision_boundary"];
  if (!outputFrame || outputFrame.run !== state.run?.id) return null;
  if (!unit) return outputPlot(state, outputFrame);
  const last = (state.run?.config ?? state.draft).layers.length;
  if (unit.layer === last) return signedPlot(outputFrame, unit.unit, outputScale(state, outputFrame, unit.unit));
  if (unitFrame?.id.endsWith(`-${unit.layer}-${unit.unit}`) && unitFrame.run === state.run?.id) {
    return signedPlot(unitFrame, 0, unitScale(-extent(unitFrame.values), 0));
  }
  return unitMapPlot(state, unit, outputFrame);
}

function outputPlot(state, frame) {
  const scale = outputScale(state, frame);
  if (frame.axes.length === 1) return { ...signedPlot(frame, 0, scale), kind: "curve" };
  const [outputs, rows, columns] = frame.values.shape;
  const mode = state.displayModule ? displayMode(state) : null; // null: their module is not loaded yet
  const isOneOfMany = oneOfMany(state);
  const shared = { frame, values: frame.values, outputs, rows, columns };
  if (mode === "all_outputs" && outputs > 1) {
    return { kind: "all_outputs", ...shared, names: classNames(state), scale: isOneOfMany ? null : scale };
  }
  if (isOneOfMany && mode !== null && mode >= 0 && outputs > 1) {
    return { ...signedPlot(frame, Math.min(Number(mode), outputs - 1), scale), kind: "probability" };
  }
  if (isOneOfMany && outputs > 1) return { kind: "classes", ...shared };
  const label = taskOf(state) === "multilabel" ? Math.min(state.shownLabel ?? 0, outputs - 1) : 0;
  return { ...signedPlot(frame, label, scale), isSurface: mode === "surface" };
}

function signedPlot(frame, output, scale) {
  const { shape } = frame.values;
  const [, rows, columns] = shape.length === 3 ? shape : [1, 1, shape.at(-1)];
  const values = frame.values.subarray(output * rows * columns, (output + 1) * rows * columns);
  return { kind: frame.axes.length === 1 ? "curve" : "signed", frame, values, rows, columns, scale, output };
}

/** The map of a unit from the network view, with low resolution, until the frame of the view `unit` arrives. */
function unitMapPlot(state, { layer, unit }, outputFrame) {
  const network = state["view:network"];
  const hidden = () => network?.layers.find((part, index) => (part.index ?? index) === layer);
  const part = layer < 0 ? network?.inputs : hidden();
  if (!part?.maps || unit >= part.maps.shape[0]) return null;
  const { maps, low, high } = part;
  const [, rows, columns] = maps.shape;
  const kind = outputFrame.axes.length === 1 ? "curve" : "unit";
  const fromByte = (byte) => low + ((high - low) * byte) / 255;
  const bytes = () => maps.subarray(unit * columns, (unit + 1) * columns);
  const values = kind === "curve" ? Float32Array.from(bytes(), fromByte) : null;
  return { kind, frame: outputFrame, maps, unit, low, high, rows, columns, values, scale: unitScale(low, high) };
}

/** The ranges of the axes, and the functions that convert data to canvas coordinates. */
export function axesOf(plot, area, state, unit) {
  const [x0, x1] = plot.frame.x;
  const [y0, y1] = plot.kind === "curve" ? curveRange(plot, state, unit) : plot.frame.y;
  return {
    x: [x0, x1], y: [y0, y1],
    toX: (x) => area.x + (area.width * (x - x0)) / (x1 - x0),
    toY: (y) => area.y + area.height - (area.height * (y - y0)) / (y1 - y0),
  };
}

/** The range of the targets, or of a unit's output, with 10 % margin. */
function curveRange(plot, state, unit) {
  const targets = unit ? [] : plottedPoints(state, plot.frame).map((point) => point.y);
  const values = [...(targets.length ? targets : plot.values)].filter(Number.isFinite);
  const [low, high] = [Math.min(...values, -1), Math.max(...values, 1)];
  return [low - (high - low) * 0.1, high + (high - low) * 0.1];
}
