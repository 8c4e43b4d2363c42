// One episode of the current policy: the environment, the action probabilities, and the entropy.

import { h, setProperty } from "../../core/dom.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { episodeControls } from "./controls.js";
import { showStep } from "./display.js";
import { lastStep, pause, startNewest, scheduleAdvance } from "./playback.js";
import { episodeTable } from "./table.js";

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.episode.tab"),
    line: "",
    data: () => episodeTable(view.frame),
  });
  const view = createView(shell, store);
  const needs = ["view:episode", "episodeOptions", "theme", "layoutSize", "openTabs", runIdentity];
  return { name: "episode", section, moving: true, view, needs, draw: (state) => draw(view, state) };
}

/** The elements of the panel, the frame shown, and the state of playback. */
function createView(shell, store) {
  const canvas = h("canvas", { role: "img", class: "episode-scene" });
  const box = h("div", { class: "episode-box" }, canvas);
  const note = h("p", { class: "panel-note", text: t("panel.episode.waiting") });
  const playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const view = { store, shell, canvas, box, note, frame: null, newest: null, timeStep: 0, playing, timer: 0 };
  view.controls = episodeControls(view);
  shell.tools.append(view.controls.act, view.controls.another);
  shell.body.append(box, note, view.controls.row);
  canvas.addEventListener("click", (event) => seekFromTimeline(view, event));
  return view;
}

function draw(view, state) {
  const options = { seed: state.episodeOptions?.seed ?? 0, act: state.episodeOptions?.act ?? "sampled" };
  subscribe(view.store, "episode", { view: "episode", options, id: "episode" });
  const received = state["view:episode"];
  view.newest = received?.run === state.run?.id ? received : null;
  if (view.frame && view.frame.run !== state.run?.id) view.frame = null;
  if (view.newest && isShownImmediately(view, options)) startNewest(view);
  view.controls.act.value = options.act;
  setProperty(view.note, "hidden", Boolean(view.frame));
  for (const part of [view.box, view.controls.row]) setProperty(part, "hidden", !view.frame);
  if (view.frame) showStep(view, view.timeStep);
  if (view.frame && view.playing && !view.timer) scheduleAdvance(view);
}

/** Whether the newest frame replaces the current one immediately; otherwise a playing episode is played to its end. */
function isShownImmediately({ frame, newest, newRequested, playing, timeStep }, { seed, act }) {
  if (!frame) return true;
  const differs = newest.seed !== frame.seed || newest.act !== frame.act;
  const answersRequest = newRequested && newest.seed === seed && newest.act === act;
  return (answersRequest && differs) || (!playing && timeStep === 0);
}

/** A click on the timeline pauses at the time step below the pointer. */
function seekFromTimeline(view, event) {
  const { timeline, frame } = view;
  if (!frame || !timeline || event.offsetY < timeline.y) return;
  pause(view);
  const fraction = Math.min(1, Math.max(0, (event.offsetX - timeline.x) / timeline.width));
  showStep(view, Math.round(fraction * lastStep(frame)));
}
