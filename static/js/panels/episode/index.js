// One episode played by the present policy, moment by moment: the scene, what the policy would do, and how sure it is.

import { h, icon, iconButton, setAttribute, setText } from "../../core/dom.js";
import { integer, number, percent, words } from "../../core/formats.js";
import { same, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { drawPolicy, drawTimeline } from "./policy.js";
import { drawCart } from "./cart-pole.js";
import { drawMachine, placed } from "./scheduling.js";
import { LARGE } from "../shared/axes.js";
import { fitCanvas, panelShell } from "../shared/panel.js";

/** What each environment looks like: moments a second, and its drawing. */
const SCENES = {
  cart_pole: { pace: 50, draw: drawCart, status: cartStatus, areas: above },
  scheduling: { pace: 5, draw: drawMachine, prepare: placed, status: machineStatus, areas: beside },
};
const REST = 1200; // ms the last moment stands before the next episode begins
const CALM = 250;
const TIMELINE = 54;

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.episode.tab"),
    line: "",
    data: () => exported(view.frame),
  });
  const canvas = h("canvas", { role: "img", class: "episode-scene" });
  const box = h("div", { class: "episode-box" }, canvas);
  const note = h("p", { class: "panel-note", text: t("panel.episode.waiting") });
  const view = {
    store,
    shell,
    canvas,
    box,
    note,
    frame: null,
    moment: 0,
    playing: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    clock: 0,
    timer: 0,
  };
  const controls = episodeControls(view);
  Object.assign(view, { controls });
  shell.tools.append(controls.act, controls.again);
  shell.body.append(box, note, controls.row);
  canvas.addEventListener("click", (event) => scrubAt(view, event));
  return {
    name: "episode",
    section,
    moving: true,
    view,
    needs: ["view:episode", "episodeOptions", "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function episodeControls(view) {
  const set = (changes) => view.store.set({ episodeOptions: { ...view.store.get().episodeOptions, ...changes } });
  const play = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("panel.episode.pause"), on: { click: () => toggle(view) } },
    icon("pause"),
  );
  const slider = h("input", {
    type: "range",
    class: "slider",
    min: 0,
    max: 1,
    step: 1,
    value: 0,
    "aria-label": t("panel.episode.time_step"),
  });
  slider.addEventListener("input", () => {
    stop(view);
    show(view, Number(slider.value));
  });
  const told = h("output", { class: "episode-told" });
  const act = h(
    "select",
    {
      class: "select small",
      "aria-label": t("panel.episode.act.choice"),
      on: { change: () => (fresh(view), set({ act: act.value })) },
    },
    h("option", { value: "sampled", text: t("panel.episode.act.sampled") }),
    h("option", { value: "greedy", text: t("panel.episode.act.greedy") }),
  );
  const again = iconButton(
    "dice",
    t("panel.episode.another"),
    () => (fresh(view), set({ seed: (view.store.get().episodeOptions?.seed ?? 0) + 1 })),
  );
  return { play, slider, told, act, again, set, row: h("div", { class: "episode-row" }, play, slider, told) };
}

/** The next frame of the stream is shown as soon as it comes. */
function fresh(view) {
  view.wantsNew = true;
}

function toggle(view) {
  if (view.playing) return stop(view);
  view.playing = true;
  if (view.frame && view.moment >= last(view.frame)) view.moment = 0;
  mark(view);
  tick(view);
}

function stop(view) {
  view.playing = false;
  clearTimeout(view.timer);
  mark(view);
}

function mark({ controls, playing }) {
  controls.play.replaceChildren(icon(playing ? "pause" : "play"));
  setAttribute(controls.play, "aria-label", playing ? t("panel.episode.pause") : t("panel.episode.play"));
}

const last = (frame) => frame.actions.length;

function draw(view, state) {
  const subscription = {
    view: "episode",
    options: { seed: state.episodeOptions?.seed ?? 0, act: state.episodeOptions?.act ?? "sampled" },
    id: "episode",
  };
  if (!same(subscription, state.subscriptions.episode))
    view.store.set({ subscriptions: { ...state.subscriptions, episode: subscription } });
  view.newest = state["view:episode"]?.run === state.run?.id ? state["view:episode"] : null;
  if (view.frame && view.frame.run !== state.run?.id) view.frame = null;
  const other =
    view.newest && view.frame && (view.newest.seed !== view.frame.seed || view.newest.act !== view.frame.act);
  const asked =
    view.wantsNew &&
    view.newest &&
    view.newest.seed === subscription.options.seed &&
    view.newest.act === subscription.options.act;
  const resting = view.frame && view.newest && !view.playing && view.moment === 0;
  if (view.newest && (!view.frame || (asked && other) || resting)) adopt(view);
  view.controls.act.value = subscription.options.act;
  view.note.hidden = Boolean(view.frame);
  view.box.hidden = view.controls.row.hidden = !view.frame;
  if (view.frame) show(view, view.moment);
  if (view.frame && view.playing && !view.timer) tick(view);
}

/** Begin to show the newest episode. */
function adopt(view) {
  view.frame = view.newest;
  view.moment = 0;
  view.wantsNew = false;
  view.scene = SCENES[view.frame.environment];
  view.prepared = view.scene.prepare?.(view.frame);
  setAttribute(view.controls.slider, "max", String(last(view.frame)));
}

/** Move on by as many moments as have passed; at the end rest, then go on with the policy of now. */
function tick(view) {
  clearTimeout(view.timer);
  view.timer = 0;
  if (!view.playing || !view.frame) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const wait = calm ? CALM : Math.max(1000 / view.scene.pace, 20);
  const atEnd = view.moment >= last(view.frame);
  view.timer = setTimeout(
    () => {
      view.timer = 0;
      if (!view.playing || !view.frame) return;
      if (!visible(view)) return void (view.timer = setTimeout(() => tick(view), CALM));
      if (atEnd) {
        if (view.newest) adopt(view);
        else view.moment = 0;
      } else
        view.moment = Math.min(
          last(view.frame),
          view.moment + Math.max(1, Math.round((wait * view.scene.pace) / 1000)),
        );
      requestAnimationFrame(() => view.frame && show(view, view.moment));
      tick(view);
    },
    atEnd ? REST : wait,
  );
}

const visible = ({ shell }) => !document.hidden && !shell.section.hidden && shell.section.offsetParent !== null;

function show(view, moment) {
  const { frame, canvas, box, controls, shell, scene, store } = view;
  view.moment = moment;
  const { colours } = store.get();
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (!scene || width < 120 || height < 100) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const { stage, bars } = scene.areas({ x: 12, y: 6, width: width - 24, height: height - TIMELINE - 12 });
  scene.draw(context, view, stage, colours);
  drawPolicy(context, view, bars, colours);
  view.line = { x: 12, y: height - TIMELINE, width: width - 24, height: TIMELINE - 6 };
  drawTimeline(context, view, view.line, colours);
  if (document.activeElement !== controls.slider || view.playing) controls.slider.value = moment;
  controls.slider.style.setProperty("--part", `${(100 * moment) / Math.max(1, last(frame))}%`);
  setText(controls.told, t("panel.episode.position", { step: integer(moment), count: integer(last(frame)) }));
  setText(shell.subtitle, t("panel.episode.line", { step: integer(frame.step) }));
  setAttribute(canvas, "aria-label", describe(view));
}

/** The bars beside the scene. */
function beside(whole) {
  const width = whole.width * 0.57;
  return { stage: { ...whole, width }, bars: { ...whole, x: whole.x + width + 12, width: whole.width - width - 12 } };
}

/** The bars over the scene, which is wide and low. */
function above(whole) {
  const height = 92 * LARGE;
  const width = Math.min(whole.width, 420 * LARGE);
  return {
    stage: { ...whole, y: whole.y + height, height: whole.height - height },
    bars: { ...whole, x: whole.x + (whole.width - width) / 2, width, height },
  };
}

function describe({ frame, moment, scene }) {
  const action = frame.actions[moment];
  const count = frame.names.length;
  const what =
    action === undefined
      ? t("panel.episode.end", { scores: scoresText(frame.scores) })
      : t("panel.episode.action", {
          action: frame.names[action],
          probability: percent(frame.policy[moment * count + action]),
        });
  return t("panel.episode.description", {
    step: moment, count: last(frame), status: scene.status(frame, moment), action: what,
  });
}

const scoresText = (scores) =>
  Object.entries(scores)
    .map(([name, value]) => `${words(name).toLowerCase()} ${number(value)}`)
    .join(", ");

function cartStatus({ moments }, moment) {
  const [place, , angle] = moments.physical.subarray(4 * moment, 4 * moment + 4);
  return t("panel.episode.cart_status", { position: number(place), angle: number((angle * 180) / Math.PI) });
}

function machineStatus({ moments }, moment) {
  const count = moments.slots.shape[1];
  const held = moments.slots.subarray(count * moment, count * (moment + 1)).filter((job) => job >= 0).length;
  return t("panel.episode.machine_status", {
    tick: moments.tick[moment], waiting: held, backlog: moments.backlog[moment],
  });
}

function scrubAt(view, event) {
  const { line, frame } = view;
  if (!frame || !line || event.offsetY < line.y) return;
  stop(view);
  show(view, Math.round(Math.min(1, Math.max(0, (event.offsetX - line.x) / line.width)) * last(frame)));
}

function exported(frame) {
  if (!frame) return {};
  const count = frame.names.length;
  const moments = Array.from(frame.actions, (_, t) => t);
  const columns = {
    moment: moments,
    action: moments.map((t) => frame.names[frame.actions[t]]),
    entropy: Array.from(frame.entropy),
  };
  frame.names.forEach(
    (name, a) => (columns[`probability of ${name}`] = moments.map((t) => frame.policy[t * count + a])),
  );
  for (const [name, values] of Object.entries(frame.moments)) {
    const wide = values.length / (moments.length + 1);
    for (let i = 0; i < wide; i++)
      columns[wide > 1 ? `${name}_${i}` : name] = moments.map((t) => values[t * wide + i]);
  }
  return { step: frame.step, scores: frame.scores, columns };
}
