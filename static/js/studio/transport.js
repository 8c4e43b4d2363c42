// The top bar: which problem, train and pause, steps, reset, speed, and the numbers of the run.

import { h, icon, iconButton, setAttribute, setText } from "../core/dom.js";
import { DASH, integer, rate, steady, words } from "../core/formats.js";
import { sourceOf, sourcesFor, taskOf } from "./problem.js";
import { getPath } from "../core/store.js";

export const SPEEDS = [5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, "max"];

/** What the page is called where the run has no name. */
const usual = document.body.dataset.title ?? "Perceptarium";

/** `commands` are the page's actions by name; returns a panel that the loop keeps in step with the state. */
export function transport(bar, store, commands) {
  const parts = { choose: chooser(commands), buttons: buttons(commands), speed: speedControl(commands), counters: counters(), tools: tools(commands) };
  bar.append(parts.choose.element, parts.buttons.element, parts.speed.element, parts.counters.element, parts.tools);
  return {
    name: "transport", needs: ["catalogue", "draft", "run", "speed", "history", "connection", "theme"],
    draw: (state) => {
      parts.choose.draw(state);
      parts.buttons.draw(state);
      parts.speed.draw(state);
      parts.counters.draw(state);
      document.title = state.run?.status === "running" ? `▶ ${state.draft?.name || usual}` : state.draft?.name || usual;
    },
  };
}

function chooser({ change, chooseProblem, wizard }) {
  let source = null;
  const labelled = (text, select) => h("label", { class: "bar-choice" }, h("span", { text }), select);
  const problem = h("select", { class: "select", "aria-label": "Problem (restarts)", on: { change: () => chooseProblem(problem.value) } });
  const data = h("select", { class: "select", "aria-label": "Data set (restarts)", on: { change: () => change(source.field, data.value, true) } });
  const why = iconButton("help", "Which output and which loss, and why", wizard, { id: "wizard", class: "icon-button why" });
  const element = h("div", { class: "choosers" }, labelled("Problem", problem), why, labelled("Data", data));
  let filled = "";
  const draw = ({ catalogue, draft }) => {
    if (!catalogue || !draft) return;
    const task = taskOf(catalogue, draft);
    if (task && filled !== task + catalogue.datasets.length) {
      filled = task + catalogue.datasets.length;
      source = sourcesFor(catalogue, task);
      problem.replaceChildren(...Object.entries(catalogue.tasks).map(([name, each]) => h("option", { value: name, text: each.title ?? words(name) })));
      data.replaceChildren(...source.entries.map((set) => h("option", { value: set.name, text: set.title })));
    }
    problem.value = task ?? "";
    data.value = source ? getPath(draft, source.field) : "";
  };
  return { element, draw };
}

const ENDED = ["finished", "diverged", "failed"];

/** What the large button does in a status, and what it says. */
export function mainButton(status) {
  if (status === "running" || status === "queued") return { drawing: "pause", text: "Pause", title: "Pause (Space)" };
  if (ENDED.includes(status)) return { drawing: "reset", text: "Again", title: "Reset to the same initial weights and train again (Space)" };
  return { drawing: "play", text: "Train", title: "Train (Space)" };
}

function buttons({ toggle, step, epoch, reset, newWeights }) {
  const label = h("span", { text: "Train" });
  const main = h("button", { type: "button", id: "train", class: "train-button", on: { click: toggle } }, icon("play"), label);
  const single = iconButton("step", "One step (→)", step, { id: "step" });
  const whole = iconButton("epoch", "One epoch (Shift →)", epoch, { id: "epoch" });
  const again = iconButton("reset", "Reset: the same initial weights (R)", reset, { id: "reset" });
  const dice = iconButton("dice", "New weights: another seed (N, restarts)", newWeights, { id: "new-weights" });
  const element = h("div", { class: "transport", role: "group", "aria-label": "Training" }, main, single, whole, again, dice);
  let drawn = "";
  const draw = ({ run }) => {
    const { drawing, text, title } = mainButton(run?.status);
    setAttribute(main, "data-status", run?.status ?? "connecting");
    const ended = ENDED.includes(run?.status) || run?.status === "stopped";
    for (const button of [single, whole]) button.disabled = ended || !run;
    if (drawn === text) return;
    drawn = text;
    main.firstChild.replaceWith(icon(drawing));
    setText(label, text);
    setAttribute(main, "title", title);
  };
  return { element, draw };
}

const speedWords = (speed) => (speed === "max" ? "max" : `${rate(speed)}/s`);

function speedControl({ setSpeed }) {
  const slider = h("input", { type: "range", min: 0, max: SPEEDS.length - 1, step: 1, class: "slider", id: "speed", "aria-label": "Speed, steps per second" });
  const text = h("output", { class: "speed-text", for: "speed" });
  slider.addEventListener("input", () => setSpeed(SPEEDS[Number(slider.value)]));
  const element = h("label", { class: "speed", title: "Training steps per second" }, h("span", { class: "counter-name" }, "Speed ", text), slider);
  const draw = ({ speed }) => {
    const exact = SPEEDS.indexOf(speed);
    const place = exact >= 0 ? exact : SPEEDS.findIndex((each) => each === "max" || each >= speed);
    if (document.activeElement !== slider || Number(slider.value) !== place) slider.value = place;
    slider.style.setProperty("--part", `${(100 * place) / (SPEEDS.length - 1)}%`);
    setText(text, speedWords(speed));
    setAttribute(slider, "aria-valuetext", speedWords(speed));
  };
  return { element, draw };
}

const STATUS_WORDS = { running: "training", paused: "paused", queued: "queued", finished: "finished", stopped: "stopped", diverged: "diverged", failed: "failed" };

function counters() {
  const made = ["Status", "Epoch", "Step", "Train loss", "Test loss", "Steps/s"].map((name) => {
    const value = h("dd", { class: "counter-value", text: "–" });
    return [name, value, h("div", { class: "counter", "data-counter": name.toLowerCase().replace(/\W/g, "-") }, h("dt", { class: "counter-name", text: name }), value)];
  });
  const values = Object.fromEntries(made.map(([name, value]) => [name, value]));
  const element = h("dl", { class: "counters" }, made.map((each) => each[2]));
  const names = Object.fromEntries(made.map(([name, , element]) => [name, element.firstChild]));
  const draw = ({ run, history, connection, catalogue }) => {
    if (!run) return;
    const last = (name) => run.latest?.[name] ?? run.latest?.metrics?.[name] ?? (history.columns[name] ?? history.metrics[name])?.at(-1);
    const told = headline(catalogue, run.config);
    const words_ = connection === "open" ? (run.status === "paused" && run.step === 0 ? "ready" : STATUS_WORDS[run.status]) : connection === "connecting" ? "connecting" : "offline";
    setText(values.Status, words_ ?? run.status);
    setText(values.Epoch, integer(run.epoch));
    setText(values.Step, integer(run.step));
    ["Train loss", "Test loss"].forEach((place, i) => {
      setText(names[place], told[i].title);
      const diverged = run.status === "diverged";
      setText(values[place], diverged ? DASH : steady(last(told[i].name))); // what was measured last is no longer so
      setAttribute(values[place], "title", diverged ? lastFinite(history, told[i].name) : null);
    });
    setText(values["Steps/s"], run.status === "running" ? rate(run.steps_per_second) : "–");
  };
  return { element, draw };
}

const LOSSES = [{ name: "train_loss", title: "Train loss" }, { name: "test_loss", title: "Test loss" }];

/** The two numbers of a run that the bar shows: its losses, or where it learns to act what it is judged by and its entropy. */
function headline(catalogue, config) {
  const { scores, judged } = sourceOf(catalogue, config) ?? {};
  if (!scores) return LOSSES;
  return [judged, "entropy"].map((name) => ({ name: `${name}_mean`, title: scores.find((score) => score.name === name).title }));
}

/** What a number of a run that diverged was when it was measured last, in words. */
function lastFinite({ columns, metrics }, name) {
  const values = columns[name] ?? metrics[name] ?? [];
  const index = values.findLastIndex(Number.isFinite);
  return index < 0 ? "diverged" : `diverged; ${steady(values[index])} when it was measured last, at step ${integer(columns.step[index])}`;
}

function tools({ theme, help, share, undo }) {
  return h("div", { class: "bar-tools" },
    iconButton("undo", "Undo the last change of the configuration (Ctrl Z)", undo, { id: "undo" }),
    iconButton("share", "Copy a link to this configuration", share),
    h("a", { class: "icon-button", href: "/lessons", "aria-label": "Lessons", title: "Lessons" }, icon("lesson")),
    h("a", { class: "icon-button", href: "/runs", "aria-label": "All runs", title: "All runs" }, icon("list")),
    iconButton("moon", "Light or dark (D)", theme, { id: "theme" }),
    iconButton("help", "Help (?)", help, { id: "help" }));
}
