// The gallery: the experiments, and all runs that are no members of one, newest first, each with its output map, a
// link, and buttons that pause and delete it; they can be searched, sorted, and deleted together.

import { api } from "../core/api.js";
import { h, icon, setAttribute, setText } from "../core/dom.js";
import { DASH, number, steady } from "../core/formats.js";
import { parentLines } from "./parent-line.js";
import { showExperiments } from "./experiments.js";
import { galleryChoice } from "./choice.js";
import { liveRun } from "./live-run.js";
import { picture } from "./picture.js";
import { dataOf, runTitle } from "./run-title.js";
import { gallerySelection } from "./selection.js";
import { runTags } from "./tags.js";
import { taskOf } from "../studio/problem.js";
import { scoreOf, scoreText } from "../studio/score.js";
import { createStore } from "../core/store.js";
import { t } from "../core/text.js";
import { startTheme } from "../core/theme.js";

const PAGE_SIZE = 24;
const FEWEST = 12; // listed runs, below which further ones are read at once
const MAX_PAGE_SIZE = 1000; // of the API
const COUNT_INTERVAL = 5000; // ms
const list = document.getElementById("runs");
const more = document.getElementById("more");
const empty = document.getElementById("empty");
const parentLine = parentLines();
const theme = startTheme(createStore({ theme: null, colours: null }));
const cards = new Set();
let [oldest, isComplete, loading, experiments] = [null, false, null, 0];

document.getElementById("theme").addEventListener("click", theme.toggle);
more.addEventListener("click", () => load().then(arrange));
const choice = galleryChoice(onChoice, () => loadAll().then(arrange));
const selection = gallerySelection({
  shown: () => choice.apply([...cards]), remove, tag: (card, tag) => card.addTag(tag),
  command: (card, name) => card.command(name),
});
const tools = document.getElementById("tools");
tools.append(choice.element, selection.element);
const catalogueRequest = api.catalogue();
load().then(arrange);
showExperiments(document.getElementById("experiments"), (count) => {
  experiments = count;
  arrange();
});
countRunning();
setInterval(() => document.hidden || countRunning(), COUNT_INTERVAL);

/** Reads older runs until some are listed: those that were neither trained nor named are not. */
async function load(limit = PAGE_SIZE) {
  for (let count = 0, size = limit; count < FEWEST && !isComplete; size = Math.min(2 * size, MAX_PAGE_SIZE)) {
    const request = api.runs({ limit: size, before: oldest, experiment: "none" });
    const [catalogue, { runs }] = await Promise.all([catalogueRequest, request]);
    oldest = runs.at(-1)?.id ?? oldest;
    isComplete = runs.length < size;
    const listed = runs.filter((run) => run.step > 0 || run.name || run.config?.name);
    parentLine.know(runs);
    listed.forEach((run) => cards.add(createCard(run, catalogue)));
    count += listed.length;
  }
}

/** A search or another order applies to all runs: the older ones are read first. */
async function onChoice() {
  if (!choice.isDefault()) await loadAll();
  arrange();
}

async function loadAll() {
  while (!isComplete) await (loading ??= load(MAX_PAGE_SIZE).finally(() => (loading = null)));
}

/** Shows the cards of the choice. Those that stay where they are keep the focus. */
function arrange() {
  const shown = choice.apply([...cards]).map(({ element }) => element);
  const isShown = new Set(shown);
  for (const element of [...list.children]) if (!isShown.has(element)) element.remove();
  shown.forEach((element, i) => list.children[i] !== element && list.insertBefore(element, list.children[i] ?? null));
  more.hidden = isComplete;
  tools.hidden = cards.size === 0;
  empty.hidden = shown.length > 0;
  setText(empty, cards.size ? t("gallery.none") : experiments ? t("gallery.only_experiments") : t("gallery.empty"));
}

/**
 * A card: { run(), title, task, data, tags(), text(), rank(), element, close(), command(name), addTag(tag) }; `text` is
 * what a search finds, `rank` its score.
 */
function createCard(run, catalogue) {
  const title = runTitle(run, catalogue);
  const { canvas, draw } = picture(run, catalogue);
  const link = h("a", { class: "run-link", href: `/runs/${run.id}` }, canvas, h("strong", { title, text: title }));
  const lines = resultLines(run, catalogue);
  const live = liveRun(run, title, (now) => {
    lines.show(now);
    countRunning();
    if (now.status !== "running") draw(now);
  });
  const settings = settingsText(run, catalogue);
  const { set, name } = dataOf(run, catalogue);
  const data = set?.title ?? name;
  const { element, tags, save } = runTags(run, title, arrange);
  const card = {
    run: live.run, title, close: live.close, command: live.command, tags, data,
    task: catalogue.tasks[taskOf(catalogue, run.config)]?.title,
    addTag: (tag) => save([...new Set([...tags(), tag])]),
    text: () => [title, data, settings, run.id, ...tags()].join(" ").toLowerCase(),
    rank: () => rankOf(live.run(), catalogue),
  };
  const button = deleteButton(title, () => remove(card));
  const foot = h("div", { class: "run-foot" }, live.status, live.button, button);
  const parts = [foot, live.reason, lines.elements, h("p", { class: "run-line", text: settings }), element];
  card.element = h("li", { class: "run-card" }, selection.box(card), link, parts, parentLine(run, catalogue));
  return card;
}

/** Shows how many runs train, also those that are not listed yet. */
async function countRunning() {
  const answer = await api.runs({ status: "running", limit: 1000 }).catch(() => null);
  if (answer) setText(document.getElementById("running"), t("gallery.running", { count: answer.runs.length }));
}

/** The first click asks for confirmation, the second deletes; losing the focus cancels. */
function deleteButton(title, act) {
  const button = h("button", {
    type: "button",
    on: {
      blur: () => setConfirming(false),
      click: ({ detail }) => {
        if (detail > 1) return; // a double click does not confirm
        if (confirming) return act();
        setConfirming(true);
        button.focus();
      },
    },
  });
  let confirming = false;
  const setConfirming = (value) => {
    confirming = value;
    button.className = confirming ? "button small run-delete" : "icon-button run-delete";
    button.title = confirming ? t("gallery.delete_help") : t("gallery.delete");
    setAttribute(
      button,
      "aria-label",
      confirming ? t("gallery.confirm_run", { title }) : t("gallery.delete_run", { title }),
    );
    button.replaceChildren(confirming ? t("page.confirm_deletion") : icon("close"));
  };
  setConfirming(false);
  return button;
}

/** The lines of the score and of the losses. */
function resultLines(run, catalogue) {
  const elements = [h("p", { class: "run-line run-score" }), h("p", { class: "run-line" })];
  const show = (now) => {
    const { title, text } = measured(now, catalogue);
    setText(elements[0], t("gallery.score", { score: title, value: text }));
    const latest = now.status === "diverged" ? null : now.latest;
    const losses = [latest?.train_loss, latest?.test_loss];
    elements[1].hidden = !losses.some(Number.isFinite); // policy gradient has none
    const [train, test] = losses.map((value) => steady(value));
    setText(elements[1], t("gallery.losses", { train, test }));
  };
  show(run);
  return { elements, show };
}

/** The score of a run: { title, value, text }. The newest measured values are those from before a divergence. */
function measured({ config, latest, status }, catalogue) {
  const metrics = latest?.metrics ?? {};
  const { name, title } = scoreOf(catalogue, config, (metric) => metric in metrics);
  const value = status === "diverged" ? undefined : metrics[name];
  return { title, value, text: Number.isFinite(value) ? scoreText(name, value) : DASH };
}

/** A number that is larger for a better score. */
function rankOf(run, catalogue) {
  const { value } = measured(run, catalogue);
  if (!Number.isFinite(value)) return -Number.MAX_VALUE;
  const { scores, judged } = dataOf(run, catalogue).set ?? {};
  return scores?.find(({ name }) => name === judged).lower_is_better ? -value : value;
}

/** "Adam, learning rate 0.02 · 27 Nov 2026, 14:33". */
function settingsText({ config: { optimizer }, created }, catalogue) {
  const title = catalogue.optimizers.find(({ name }) => name === optimizer.name)?.title ?? optimizer.name;
  const date = new Date(created * 1000)
    .toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  return t("gallery.settings", { optimizer: title, rate: number(optimizer.learning_rate), date });
}

async function remove(card) {
  card.close();
  await api.remove(card.run().id);
  cards.delete(card);
  selection.forget(card);
  card.element.remove();
  countRunning();
  arrange();
}
