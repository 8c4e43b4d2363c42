// Controls of the episode panel: play, time step, selection of actions, another episode.

import { h, icon, iconButton } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { showStep } from "./display.js";
import { pause, togglePlayback } from "./playback.js";

export function episodeControls(view) {
  const play = playButton(view);
  const slider = stepSlider(view);
  const position = h("output", { class: "episode-info" });
  const row = h("div", { class: "episode-row" }, play, slider, position);
  return { play, slider, position, row, act: actionSelect(view), another: anotherButton(view) };
}

function playButton(view) {
  const attributes = { type: "button", class: "icon-button", "aria-label": t("panel.episode.pause") };
  return h("button", { ...attributes, on: { click: () => togglePlayback(view) } }, icon("pause"));
}

function stepSlider(view) {
  const range = { type: "range", min: 0, max: 1, step: 1, value: 0 };
  const slider = h("input", { ...range, class: "slider", "aria-label": t("panel.episode.time_step") });
  slider.addEventListener("input", () => {
    pause(view);
    showStep(view, Number(slider.value));
  });
  return slider;
}

function actionSelect(view) {
  const select = h(
    "select",
    { class: "select small", "aria-label": t("panel.episode.act.choice") },
    h("option", { value: "sampled", text: t("panel.episode.act.sampled") }),
    h("option", { value: "greedy", text: t("panel.episode.act.greedy") }),
  );
  select.addEventListener("change", () => requestEpisode(view, { act: select.value }));
  return select;
}

function anotherButton(view) {
  const nextSeed = () => (view.store.get().episodeOptions?.seed ?? 0) + 1;
  return iconButton("dice", t("panel.episode.another"), () => requestEpisode(view, { seed: nextSeed() }));
}

/** Subscribes to an episode with other options; its first frame is shown as soon as it arrives. */
function requestEpisode(view, changes) {
  view.newRequested = true;
  view.store.set({ episodeOptions: { ...view.store.get().episodeOptions, ...changes } });
}
