// The picture of a run on its card: the output over the input plane, or the reconstruction of one row of the data.

import { api } from "../core/api.js";
import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { paint, signedImage } from "../panels/shared/heat-map.js";
import { drawSmallCurve, drawSmallMap } from "../panels/shared/small-map.js";
import { isDeleted, isReplaced, withOrphaned } from "../studio/orphaned-datasets.js";
import { viewApplies } from "../studio/problem.js";

const SIDE = 240; // pixels
const RESOLUTION = 60;
const MARGIN = "300px"; // around the window, within which pictures are drawn

const drawings = new WeakMap();
const visible = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    visible.unobserve(target);
    drawings.get(target)();
  }
}, { rootMargin: MARGIN });

/** The canvas of a run, drawn when it is scrolled to: { canvas, draw(run) }; `draw` draws it again. */
export function picture(run, catalogue) {
  const canvas = h("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": t("gallery.picture") });
  const draw = (now) => drawPicture(canvas, now, catalogue);
  drawings.set(canvas, () => draw(run));
  visible.observe(canvas);
  return { canvas, draw };
}

/** A canvas for pictures of one run: { canvas, draw(run, step) }; without a step of its newest one. */
export function createPicture(catalogue) {
  const canvas = h("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": t("gallery.picture") });
  return { canvas, draw: (run, step) => drawPicture(canvas, run, catalogue, step) };
}

/** The catalogue with the data set of the run, or null if the run uses imported data that cannot be loaded. */
async function catalogueFor(run, catalogue) {
  if (!isDeleted(catalogue, run) && !isReplaced(catalogue, run)) return catalogue;
  const points = await api.points(run.id, { numbers: 1 }).catch(() => null);
  return points && (points.task ? withOrphaned(catalogue, run, points) : catalogue);
}

async function drawPicture(canvas, run, allDatasets, step) {
  const catalogue = await catalogueFor(run, allDatasets);
  if (!catalogue) return canvas.classList.add("blank");
  if (viewApplies({ catalogue, run }, "reconstruction")) return drawRow(canvas, run, step);
  if (!viewApplies({ catalogue, run }, "decision_boundary")) return canvas.classList.add("blank");
  const view = await api.view(run.id, "decision_boundary", { resolution: RESOLUTION, step }).catch(() => null);
  if (!view) return canvas.classList.add("blank");
  canvas.classList.remove("blank");
  const flat = Float32Array.from(view.values.flat(2), (value) => value ?? NaN);
  const shape = [view.values.length, view.values[0].length, view.values[0][0].length];
  drawSmallMap(canvas, flat, shape, { run, catalogue });
}

/** An autoencoder: the reconstruction of one row of the last set of rows. */
async function drawRow(canvas, run, step) {
  const view = await api.view(run.id, "reconstruction", { count: 1, step }).catch(() => null);
  const rows = view && Object.values(view.rows).at(-1);
  if (!rows) return canvas.classList.add("blank");
  const values = Float32Array.from(rows.reconstructed[0], (value) => value ?? NaN);
  if (!view.image) return drawSmallCurve(canvas, values);
  const [min, max] = [Math.min(...rows.clean[0]), Math.max(...rows.clean[0])];
  paint(
    canvas.getContext("2d"),
    signedImage(run.id, flipped(values, view.image), ...view.image, {
      centre: (min + max) / 2,
      reach: (max - min) / 2 || 1,
    }),
    0,
    0,
    canvas.width,
    canvas.height,
  );
}

/** Reverses the order of the rows: images begin at the top, maps of the input plane at the bottom. */
function flipped(values, [rows, columns]) {
  return Float32Array.from(values, (_, i) => values[(rows - 1 - Math.floor(i / columns)) * columns + (i % columns)]);
}
