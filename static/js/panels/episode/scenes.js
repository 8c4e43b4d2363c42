// The drawable environments: playback speed, drawing, description and layout of each.

import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { LARGE } from "../shared/axes.js";
import { drawCart } from "./cart-pole.js";
import { assignUnits, drawMachine } from "./scheduling.js";
import { drawNight, nightStatus, prepareNight } from "./telescope.js";

const MIN_HEIGHT = 220 * LARGE; // CSS pixels of a scene with the probabilities above it

export const SCENES = {
  cart_pole: { stepsPerSecond: 50, draw: drawCart, status: cartStatus, areas: barsAbove },
  scheduling: { stepsPerSecond: 5, draw: drawMachine, prepare: assignUnits, status: machineStatus, areas: barsBeside },
  telescope: { stepsPerSecond: 3, draw: drawNight, prepare: prepareNight, status: nightStatus, areas: barsBeside },
};

/** The action probabilities beside the scene. */
function barsBeside(area) {
  const width = area.width * 0.57;
  const barsArea = { ...area, x: area.x + width + 12, width: area.width - width - 12 };
  return { sceneArea: { ...area, width }, barsArea };
}

/** The action probabilities above the scene, which is wide and low; beside it where that would have no height. */
function barsAbove(area) {
  if (area.height < MIN_HEIGHT) return barsBeside(area);
  const height = 92 * LARGE;
  const width = Math.min(area.width, 420 * LARGE);
  return {
    sceneArea: { ...area, y: area.y + height, height: area.height - height },
    barsArea: { ...area, x: area.x + (area.width - width) / 2, width, height },
  };
}

function cartStatus({ moments }, timeStep) {
  const [position, , angle] = moments.physical.subarray(4 * timeStep, 4 * timeStep + 4);
  return t("panel.episode.cart_status", { position: number(position), angle: number((angle * 180) / Math.PI) });
}

function machineStatus({ moments }, timeStep) {
  const count = moments.slots.shape[1];
  const slots = moments.slots.subarray(count * timeStep, count * (timeStep + 1));
  return t("panel.episode.machine_status", {
    tick: moments.tick[timeStep],
    waiting: slots.filter((job) => job >= 0).length,
    backlog: moments.backlog[timeStep],
  });
}
