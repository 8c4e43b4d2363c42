// The picture of a member: its outputs over the inputs, or the reconstruction of one row of the data.

import { drawSmallCurve, drawSmallMap } from "../../panels/shared/small-map.js";
import { paint, signedImage } from "../../panels/shared/heat-map.js";
import { viewApplies } from "../../studio/problem.js";
import { configOf } from "../scores.js";

/** The view that the members' pictures are drawn from: { view, options }. */
export function viewOf({ catalogue, config }, resolution) {
  const hasMap = viewApplies({ catalogue, run: { config } }, "boundary_grid");
  if (hasMap) return { view: "boundary_grid", options: { resolution } };
  return { view: "reconstruction", options: { count: 1 } };
}

/** Draws the frame of a view; `isPale`: paler than points that are drawn on it. */
export function drawPicture(canvas, frame, experiment, run, isPale = false) {
  if (frame.view === "reconstruction") return drawRow(canvas, frame);
  const member = experiment.members.find((each) => each.run === run);
  const state = { run: { id: run, config: configOf(experiment, member) }, catalogue: experiment.catalogue };
  const { values } = frame;
  drawSmallMap(canvas, values, values.shape, state, frame.threshold ?? null, isPale);
}

/** An autoencoder: the reconstruction of one row of the last part of the data. */
function drawRow(canvas, { rows, image }) {
  const { reconstructed, clean } = Object.values(rows).at(-1);
  const size = reconstructed.shape.at(-1);
  const values = reconstructed.subarray(0, size);
  if (!image) return drawSmallCurve(canvas, values);
  const target = clean.subarray(0, size);
  const [min, max] = [Math.min(...target), Math.max(...target)];
  const [height, width] = image;
  const upright = Float32Array.from(values,
    (_, i) => values[(height - 1 - Math.floor(i / width)) * width + (i % width)]);
  const scale = { centre: (min + max) / 2, reach: (max - min) / 2 || 1 };
  paint(canvas.getContext("2d"), signedImage("row", upright, height, width, scale), 0, 0, canvas.width, canvas.height);
}
