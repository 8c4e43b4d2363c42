// What panels draw of A, loaded with the first reference: `referenceModule` in the state.

import { curvesOfReference, lastStep } from "./curves.js";
import { drawComparedLayer, healthOfA, savedLayers } from "./histograms.js";
import { drawMaps, layoutMaps, savedMaps } from "./maps.js";

export const drawing = {
  curvesOfReference, lastStep, drawComparedLayer, healthOfA, savedLayers, layoutMaps, drawMaps, savedMaps,
};
