// Displays one time step: the canvas with its description, the slider, and the texts.

import { setAttribute, setText } from "../../core/dom.js";
import { integer, number, percent, words } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { fitCanvas } from "../shared/panel.js";
import { drawPolicy, drawTimeline } from "./policy.js";

const TIMELINE_HEIGHT = 54;
const [MIN_WIDTH, MIN_HEIGHT] = [120, 100];

export function showStep(view, timeStep) {
  view.timeStep = timeStep;
  const { clientWidth: width, clientHeight: height } = view.box;
  if (!view.scene || width < MIN_WIDTH || height < MIN_HEIGHT) return;
  drawStep(view, width, height);
  updateTexts(view);
}

function drawStep(view, width, height) {
  const { canvas, scene } = view;
  const { colours } = view.store.get();
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const area = { x: 12, y: 6, width: width - 24, height: height - TIMELINE_HEIGHT - 12 };
  const { sceneArea, barsArea } = scene.areas(area);
  scene.draw(context, view, sceneArea, colours);
  drawPolicy(context, view, barsArea, colours);
  view.timeline = { x: 12, y: height - TIMELINE_HEIGHT, width: width - 24, height: TIMELINE_HEIGHT - 6 };
  drawTimeline(context, view, view.timeline, colours);
}

function updateTexts(view) {
  const { frame, timeStep, controls, shell, canvas } = view;
  const count = frame.actions.length;
  if (document.activeElement !== controls.slider || view.playing) controls.slider.value = timeStep;
  controls.slider.style.setProperty("--part", `${(100 * timeStep) / Math.max(1, count)}%`);
  setText(controls.position, t("panel.episode.position", { step: integer(timeStep), count: integer(count) }));
  setText(shell.subtitle, t("panel.episode.line", { step: integer(frame.step) }));
  setAttribute(canvas, "aria-label", description(view));
}

/** The canvas in one sentence, for screen readers. */
function description({ frame, timeStep, scene }) {
  return t("panel.episode.description", {
    step: timeStep,
    count: frame.actions.length,
    status: scene.status(frame, timeStep),
    action: actionText(frame, timeStep),
  });
}

function actionText({ actions, names, policy, scores }, timeStep) {
  const action = actions[timeStep];
  if (action === undefined) return t("panel.episode.end", { scores: scoresText(scores) });
  const probability = percent(policy[timeStep * names.length + action]);
  return t("panel.episode.action", { action: names[action], probability });
}

const scoresText = (scores) =>
  Object.entries(scores)
    .map(([name, value]) => `${words(name).toLowerCase()} ${number(value)}`)
    .join(", ");
