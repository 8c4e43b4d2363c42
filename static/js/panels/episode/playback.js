// Playback of an episode: play, pause, and the timer that advances the time step.

import { icon, setAttribute } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { showStep } from "./display.js";
import { SCENES } from "./scenes.js";

const END_DELAY = 1200; // ms for which the last time step is shown before the next episode begins
const REDUCED_MOTION_DELAY = 250; // ms
const MIN_DELAY = 20; // ms

/** The time step after the last action. */
export const lastStep = (frame) => frame.actions.length;

export function togglePlayback(view) {
  if (view.playing) return pause(view);
  view.playing = true;
  if (view.frame && view.timeStep >= lastStep(view.frame)) view.timeStep = 0;
  updatePlayButton(view);
  scheduleAdvance(view);
}

export function pause(view) {
  view.playing = false;
  clearTimeout(view.timer);
  updatePlayButton(view);
}

function updatePlayButton({ controls, playing }) {
  controls.play.replaceChildren(icon(playing ? "pause" : "play"));
  setAttribute(controls.play, "aria-label", playing ? t("panel.episode.pause") : t("panel.episode.play"));
}

/** Shows the newest episode from its beginning. */
export function startNewest(view) {
  view.frame = view.newest;
  view.timeStep = 0;
  view.newRequested = false;
  view.scene = SCENES[view.frame.environment];
  view.sceneData = view.scene.prepare?.(view.frame);
  setAttribute(view.controls.slider, "max", String(lastStep(view.frame)));
}

/** Starts the timer for the next time step. */
export function scheduleAdvance(view) {
  clearTimeout(view.timer);
  view.timer = 0;
  if (!view.playing || !view.frame) return;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const delay = reduced ? REDUCED_MOTION_DELAY : Math.max(1000 / view.scene.stepsPerSecond, MIN_DELAY);
  const atEnd = view.timeStep >= lastStep(view.frame);
  view.timer = setTimeout(() => advance(view, atEnd, delay), atEnd ? END_DELAY : delay);
}

/** Advances by the time steps of `delay` ms; after the last one the newest episode starts. */
function advance(view, atEnd, delay) {
  view.timer = 0;
  if (!view.playing || !view.frame) return;
  if (!isVisible(view)) return void (view.timer = setTimeout(() => scheduleAdvance(view), REDUCED_MOTION_DELAY));
  if (!atEnd) {
    const steps = Math.max(1, Math.round((delay * view.scene.stepsPerSecond) / 1000));
    view.timeStep = Math.min(lastStep(view.frame), view.timeStep + steps);
  } else if (view.newest) startNewest(view);
  else view.timeStep = 0;
  requestAnimationFrame(() => view.frame && showStep(view, view.timeStep));
  scheduleAdvance(view);
}

const isVisible = ({ shell }) => !document.hidden && !shell.section.hidden && shell.section.offsetParent !== null;
