// The training data over the large picture of a member.

import { api } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { radiusOf } from "../../panels/decision_boundary/points-layer.js";
import { drawPoints, plottedPoints } from "../../panels/shared/points.js";
import { outputScale, taskOf } from "../../panels/shared/scales.js";
import { sourceOf } from "../../studio/problem.js";
import { configOf } from "../scores.js";

const DATA_FIELDS = /^(dataset|features)(\.|$)/; // members with other values of these have other data
const USUAL = 520; // pixels of a map in the studio, whose points have the usual radius
const MIN_RADIUS = 1.4; // CSS pixels
const KINDS = ["binary", "multiclass", "regression"];

/**
 * The layer above a picture: { element, canShow(run), show(run, frame, side), hide() }. `canShow` says whether the
 * data of a member have two inputs, which are the axes of its picture.
 */
export function createPoints(experiment) {
  const element = h("canvas", { class: "wall-points", hidden: true, "aria-hidden": "true" });
  const layer = { experiment, element, requests: new Map(), key: "" };
  return {
    element,
    canShow: (run) => isPlanar(stateOf(experiment, run)),
    show: (run, frame, side) => show(layer, run, frame, side),
    hide() {
      element.hidden = true;
      layer.key = "";
    },
  };
}

function stateOf(experiment, run) {
  const config = configOf(experiment, experiment.members.find((member) => member.run === run));
  return { catalogue: experiment.catalogue, run: { id: run, config }, showTest: false };
}

const isPlanar = (state) =>
  sourceOf(state.catalogue, state.run.config)?.inputs?.length === 2 && KINDS.includes(taskOf(state));

/** Draws the points if the member, its axes or the size changed. */
async function show(layer, run, frame, side) {
  const key = [run, side, ...frame.x, ...frame.y].join();
  if (layer.key === key) return;
  layer.key = key;
  layer.element.hidden = true;
  const points = await pointsOf(layer, run);
  if (!points || layer.key !== key) return; // could not be read, or another member is shown meanwhile
  draw(layer, { ...stateOf(layer.experiment, run), points }, frame, side);
}

/** The points of a member, read once for all members with the same data; null if they cannot be read now. */
function pointsOf({ experiment, requests }, run) {
  const { values } = experiment.members.find((member) => member.run === run);
  const key = JSON.stringify(Object.entries(values).filter(([path]) => DATA_FIELDS.test(path)));
  const read = () => api.points(run).catch(() => {
    requests.delete(key);
    return null;
  });
  if (!requests.has(key)) requests.set(key, read());
  return requests.get(key);
}

function draw({ element }, state, frame, side) {
  element.width = element.height = side;
  const points = plottedPoints(state, frame);
  const [[left, right], [bottom, top]] = [frame.x, frame.y];
  const pixel = side / element.parentElement.clientWidth;
  drawPoints(element.getContext("2d"), state, points, {
    toX: (x) => (side * (x - left)) / (right - left), toY: (y) => (side * (top - y)) / (top - bottom),
    scale: taskOf(state) === "regression" ? outputScale(state, frame) : null,
    radius: Math.max(MIN_RADIUS * pixel, (radiusOf(points.length, "signed", USUAL) * side) / USUAL),
  });
  element.hidden = false;
}
