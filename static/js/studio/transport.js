// The top bar: problem, data, train and pause, steps, reset, speed, and the counters of the run.

import { h, icon, iconButton, setAttribute, setProperty, setText } from "../core/dom.js";
import { DASH, integer, power, rate, steady, words } from "../core/formats.js";
import { isOffered, sourceOf, sourcesFor, taskOf } from "./problem.js";
import { latestValue, scoreOf, scoreText } from "./score.js";
import { load } from "../core/loading.js";
import { getPath } from "../core/store.js";
import { t } from "../core/text.js";

export const SPEEDS = [5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, "max"];

/** The window title of a run without a name. */
const defaultTitle = document.title;

/** `commands` are the actions of the page by name. Returns a panel for the render loop. */
export function transport(bar, store, commands) {
  const parts = [chooser(commands), buttons(commands), speedControl(commands), counters(), tools(commands)];
  bar.append(...parts.map(({ element }) => element));
  return {
    name: "transport",
    needs: ["catalogue", "draft", "run", "speed", "history", "connection", "theme", "shown", "canUndo", "canRedo"],
    draw: (state) => {
      for (const part of parts) part.draw(state);
      const title = state.draft?.name || defaultTitle;
      document.title = state.run?.status === "running" ? `▶ ${title}` : title;
    },
  };
}

const labelled = (text, select) => h("label", { class: "bar-choice" }, h("span", { text }), select);
const fill = (select, entries) =>
  select.replaceChildren(...entries.map(({ name, title }) => h("option", { value: name, text: title ?? words(name) })));

function chooser({ change, chooseProblem, wizard }) {
  let source = null;
  const problem = h("select", {
    class: "select", "aria-label": t("studio.bar.problem.restarts"), on: { change: () => chooseProblem(problem.value) },
  });
  const choose = () => change(source.field, data.value, true);
  const data = h("select", { class: "select", "aria-label": t("studio.bar.data.restarts"), on: { change: choose } });
  const wizardButton = iconButton("table", t("studio.bar.wizard"), wizard, { id: "wizard", class: "icon-button why" });
  const element = h("div", { class: "choosers" },
    labelled(t("studio.bar.problem.title"), problem), wizardButton, labelled(t("studio.bar.data.title"), data));
  let contentKey = "";
  const draw = ({ catalogue, draft }) => {
    if (!catalogue || !draft) return;
    const task = taskOf(catalogue, draft);
    source = task && sourcesFor(catalogue, task);
    const selected = source ? getPath(draft, source.field) : "";
    const entries = source?.entries.filter((set) => isOffered(set, task, selected));
    const key = task && task + entries.map(({ name }) => name);
    if (key && contentKey !== key) {
      contentKey = key;
      fill(problem, Object.entries(catalogue.tasks).map(([name, { title }]) => ({ name, title })));
      fill(data, entries);
    }
    setProperty(problem, "value", task ?? "");
    setProperty(data, "value", selected);
  };
  return { element, draw };
}

const ENDED = ["finished", "diverged", "failed"];

/** Icon, text and tooltip of the main button in a status. */
export function mainButton(status) {
  if (status === "running" || status === "queued") {
    return { iconName: "pause", text: t("studio.bar.pause.title"), title: t("studio.bar.pause.help") };
  }
  if (status === "finished") {
    return { iconName: "play", text: t("studio.bar.train_on.title"), title: t("studio.bar.train_on.help") };
  }
  if (ENDED.includes(status)) {
    return { iconName: "reset", text: t("studio.bar.again.title"), title: t("studio.bar.again.help") };
  }
  return { iconName: "play", text: t("studio.bar.train.title"), title: t("studio.bar.train.help") };
}

function buttons({ toggle, step, epoch, reset, newWeights }) {
  const label = h("span", { text: t("studio.bar.train.title") });
  const main = h("button", { type: "button", id: "train", class: "train-button", on: { click: toggle } },
    icon("play"), label);
  const stepButton = barButton("step", t("studio.bar.step"), step, t("studio.bar.short.step"));
  const epochButton = barButton("epoch", t("studio.bar.epoch"), epoch, t("studio.bar.short.epoch"));
  const resetButton = barButton("reset", t("studio.bar.reset"), reset, t("studio.bar.short.reset"));
  const newWeightsButton = barButton(
    "dice", t("studio.bar.new_weights"), newWeights, t("studio.bar.short.new_weights"), "new-weights");
  const element = h("div", { class: "transport", role: "group", "aria-label": t("studio.bar.training") },
    main, stepButton, epochButton, resetButton, newWeightsButton);
  let currentText = "";
  const draw = ({ run }) => {
    const { iconName, text, title } = mainButton(run?.status);
    setAttribute(main, "data-status", run?.status ?? "connecting");
    const ended = ENDED.includes(run?.status) || run?.status === "stopped";
    for (const button of [stepButton, epochButton]) setProperty(button, "disabled", ended || !run);
    if (currentText === text) return;
    currentText = text;
    main.firstChild.replaceWith(icon(iconName));
    setText(label, text);
    setAttribute(main, "title", title);
  };
  return { element, draw };
}

const speedText = (speed) =>
  (speed === "max" ? t("studio.bar.speed.max") : t("studio.bar.speed.value", { rate: rate(speed) }));

function speedControl({ setSpeed }) {
  const slider = h("input", {
    type: "range", min: 0, max: SPEEDS.length - 1, step: 1, class: "slider", id: "speed",
    "aria-label": t("studio.bar.speed.label"),
  });
  const text = h("output", { class: "speed-text", for: "speed" });
  slider.addEventListener("input", () => setSpeed(SPEEDS[Number(slider.value)]));
  const element = h("label", { class: "speed", title: t("studio.bar.speed.help") },
    h("span", { class: "counter-name" }, t("studio.bar.speed.title"), " ", text), slider);
  const draw = ({ speed }) => {
    const exactIndex = SPEEDS.indexOf(speed);
    const index = exactIndex >= 0 ? exactIndex : SPEEDS.findIndex((other) => other === "max" || other >= speed);
    if (document.activeElement !== slider || Number(slider.value) !== index) slider.value = index;
    slider.style.setProperty("--part", `${(100 * index) / (SPEEDS.length - 1)}%`);
    setText(text, speedText(speed));
    setAttribute(slider, "aria-valuetext", speedText(speed));
  };
  return { element, draw };
}

const COUNTERS = ["score", "status", "epoch", "step", "train-loss", "test-loss", "steps-s"];

/** The status of the run, or of the connection while it is not open. */
function statusText({ run, connection }) {
  if (connection !== "open") return t(`studio.connection.${connection === "connecting" ? "connecting" : "offline"}`);
  return t(`studio.state.${run.status === "paused" && run.step === 0 ? "ready" : run.status}`);
}

function counters() {
  const names = {};
  const values = {};
  const element = h("dl", { class: "counters" }, COUNTERS.map((key) => {
    names[key] = h("dt", { class: "counter-name", text: t(`studio.counter.${key}`) });
    values[key] = h("dd", { class: "counter-value", text: DASH });
    return h("div", { class: "counter", "data-counter": key }, names[key], values[key]);
  }));
  const draw = (state) => {
    const { run, history, catalogue } = state;
    if (!run) return;
    setText(values.status, statusText(state));
    const shown = { ...run, ...state.shown };
    setText(values.epoch, integer(shown.epoch));
    setText(values.step, integer(shown.step));
    const diverged = run.status === "diverged" && !state.shown;
    const latest = (name) => latestValue(state, name);
    const score = scoreOf(catalogue, run.config, (name) => Number.isFinite(latest(name)));
    const main = { ...score, format: (value) => scoreText(score.name, value) };
    const quantities = [main, ...lesser(catalogue, run.config)];
    ["score", "train-loss", "test-loss"].forEach((key, i) => {
      const { name, title, format = brief } = quantities[i];
      setText(names[key], title);
      setText(values[key], diverged ? DASH : format(latest(name))); // earlier values are outdated
      explain(values[key], diverged ? history : null, name);
    });
    setText(values["steps-s"], run.status === "running" ? rate(run.steps_per_second) : DASH);
  };
  return { element, draw };
}

/** A loss as it fits the width of a counter. */
const brief = (value) => (value > 0 && value < 0.001 ? power(value, 2) : steady(value));

/** Shows the last finite value of a quantity of a diverged run, of which the history is given. */
const explain = async (value, history, name) =>
  setAttribute(value, "title", history && (await load(() => import("./last-finite.js"))).lastFinite(history, name));

const LOSSES = [
  { name: "train_loss", title: t("studio.counter.train-loss") },
  { name: "test_loss", title: t("studio.counter.test-loss") },
];

/** The two quantities beside the score: the losses or, with policy gradient, length and entropy of the episodes. */
function lesser(catalogue, config) {
  const { scores } = sourceOf(catalogue, config) ?? {};
  if (!scores) return LOSSES;
  const titleOf = (name) => scores.find((score) => score.name === name).title;
  return ["length", "entropy"].map((name) => ({ name: `${name}_mean`, title: titleOf(name) }));
}

function tools({ theme, help, share, undo, redo, present }) {
  const undoButton = barButton("undo", t("studio.bar.undo"), undo, t("studio.bar.short.undo"));
  const redoButton = barButton("undo", t("studio.bar.redo"), redo, t("studio.bar.short.redo"), "redo"); // mirrored
  const element = h("div", { class: "bar-tools" },
    undoButton,
    redoButton,
    barButton("share", t("studio.bar.share"), share, t("studio.bar.short.share")),
    iconLink("lesson", t("page.lessons"), "/lessons", t("page.lessons")),
    iconLink("list", t("page.all_runs"), "/runs", t("studio.bar.short.runs")),
    barButton("present", t("studio.bar.present"), present, t("studio.bar.short.present")),
    barButton("moon", t("studio.bar.theme"), theme, t("studio.bar.short.theme"), "theme"),
    barButton("help", t("studio.bar.help"), help, t("studio.bar.short.help")));
  const draw = ({ canUndo, canRedo }) => {
    setProperty(undoButton, "disabled", !canUndo);
    setProperty(redoButton, "disabled", !canRedo);
  };
  return { element, draw };
}

/** A button of the bar; `short`, a part of its label, is written below the icon in large windows. */
const barButton = (name, label, onClick, short, id = name) =>
  iconButton(name, label, onClick, { id, "data-label": short });

const iconLink = (name, label, href, short) =>
  h("a", { class: "icon-button", href, "aria-label": label, title: label, "data-label": short }, icon(name));
