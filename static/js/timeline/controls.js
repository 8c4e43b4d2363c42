// The controls beside the bar of the time line: the position in words, playing, speed and Follow.

import { h, icon, iconButton, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/text.js";
import { positionText } from "./bar.js";
import { FOLLOWING, PLAYING, SPEEDS } from "./playback.js";

/** Returns { place, buttons, draw(state) }: the elements left and right of the bar; they contain the two menus. */
export function timeControls(commands, attempts, bookmarks) {
  const position = h("p", { class: "timeline-position", title: t("timeline.position.help") });
  const place = h("div", { class: "timeline-place" }, attempts.element, position);
  const parts = [playButtons(commands), speedChoice(commands), toggles(commands), bookmarks, followButton(commands)];
  const buttons = h("div", { class: "timeline-buttons", role: "group", "aria-label": t("timeline.label") },
    parts.map(({ element }) => element));
  const draw = (state) => {
    const { play } = state.timeline;
    setText(position, positionText(state));
    // The long text of another mode would be cut on a narrow window.
    setAttribute(position, "data-mode", play.mode);
    attempts.draw(state);
    for (const part of parts) part.draw(play, state);
  };
  return { place, buttons, draw };
}

function playButtons({ previous, toggle, next }) {
  const play = iconButton("play", t("timeline.play"), toggle, { class: "icon-button timeline-play" });
  const element = h("div", { class: "timeline-steps" },
    iconButton("back", t("timeline.previous"), previous, { class: "icon-button timeline-previous" }),
    play,
    iconButton("next", t("timeline.next"), next, { class: "icon-button timeline-next" }));
  let shown = null;
  const draw = ({ mode }) => {
    const isPlaying = mode === PLAYING;
    if (shown === isPlaying) return;
    shown = isPlaying;
    play.firstChild.replaceWith(icon(isPlaying ? "pause" : "play"));
    const label = isPlaying ? t("timeline.pause") : t("timeline.play");
    for (const name of ["title", "aria-label"]) setAttribute(play, name, label);
  };
  return { element, draw };
}

function speedChoice({ setSpeed }) {
  const options = SPEEDS.map((speed) => h("option", { value: speed, text: t("timeline.speed.value", { speed }) }));
  const select = h("select", {
    class: "select small timeline-speed", "aria-label": t("timeline.speed.label"), title: t("timeline.speed.label"),
    on: { change: () => setSpeed(Number(select.value)) },
  }, options);
  return { element: select, draw: ({ speed }) => (select.value = String(speed)) };
}

function toggles({ reverse, loop }) {
  const backwards = iconButton("play", t("timeline.reverse"), reverse, { class: "icon-button timeline-reverse" });
  const repeat = iconButton("restart", t("timeline.loop"), loop, { class: "icon-button timeline-loop" });
  const element = h("div", { class: "timeline-toggles" }, backwards, repeat);
  const draw = (play) => {
    setAttribute(backwards, "aria-pressed", String(play.direction < 0));
    setAttribute(repeat, "aria-pressed", String(play.loop));
  };
  return { element, draw };
}

function followButton({ follow }) {
  const element = h("button", {
    type: "button", class: "button small timeline-follow", title: t("timeline.follow.help"), on: { click: follow },
  }, t("timeline.follow.title"));
  return { element, draw: ({ mode }) => setAttribute(element, "aria-pressed", String(mode === FOLLOWING)) };
}
