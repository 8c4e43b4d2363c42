// The newest experiments above the runs: what varies in each, its size, status and best loss; a link opens it.

import { api } from "../core/api.js";
import { h, icon, setAttribute, setText } from "../core/dom.js";
import { integer, steady } from "../core/formats.js";
import { t } from "../core/text.js";
import { askForDeletion } from "../experiment/deletion.js";
import { titleOf } from "../experiment/title.js";
import { settingLabel } from "../reference/setting-names.js";

const FEW = 6; // experiments that are shown at first
const LIMIT = 1000; // of the API
const INTERVAL = 5000; // ms, in which experiments that train are read again

/** Shows the experiments in `element`, which is hidden while there are none; `onCount` gets their number. */
export async function showExperiments(element, onCount) {
  const list = {
    element, onCount, catalogue: await api.catalogue(), schemas: new Map(), cards: new Map(), isWhole: false,
    rows: h("ul", { class: "experiment-list" }), notice: createNotice(),
    more: h("button", { type: "button", class: "button small", on: { click: () => showAll(list) } }),
  };
  element.append(h("h2", { text: t("gallery.experiments.heading") }), list.notice.element, list.rows, list.more);
  await read(list);
  setInterval(() => !document.hidden && list.experiments.some(isTraining) && read(list).catch(() => null), INTERVAL);
}

const isTraining = ({ status }) => ["running", "queued"].includes(status);

function showAll(list) {
  list.isWhole = true;
  show(list);
  list.rows.children[FEW].querySelector("a").focus();
}

async function read(list) {
  list.experiments = (await api.experiments({ limit: LIMIT })).experiments;
  for (const { paradigm } of list.experiments) {
    if (!list.schemas.has(paradigm)) list.schemas.set(paradigm, await api.schema(paradigm));
  }
  show(list);
}

/** Shows the newest ones, or all. Cards that stay keep their place and the focus. */
function show(list) {
  const { experiments, isWhole, cards, rows, more } = list;
  const shown = isWhole ? experiments : experiments.slice(0, FEW);
  for (const experiment of shown) {
    if (!cards.has(experiment.id)) cards.set(experiment.id, createCard(list, experiment));
    cards.get(experiment.id).show(experiment);
  }
  const elements = shown.map(({ id }) => cards.get(id).element);
  for (const element of [...rows.children]) if (!elements.includes(element)) element.remove();
  elements.forEach((element, i) => {
    if (rows.children[i] !== element) rows.insertBefore(element, rows.children[i] ?? null);
  });
  list.element.hidden = !experiments.length;
  list.onCount(experiments.length);
  more.hidden = shown.length === experiments.length;
  setText(more, t("gallery.experiments.all", { count: integer(experiments.length) }));
}

/** A card: { element, show(experiment) }. */
function createCard(list, experiment) {
  const { id, url, name, vary, size, created, paradigm } = experiment;
  const varied = variedText(list.schemas.get(paradigm), vary);
  const title = titleOf(list.catalogue, experiment, varied);
  const [status, state] = [h("span", { class: "run-status" }), h("p", { class: "run-line" })];
  const best = h("p", { class: "run-line run-score" });
  const date = new Date(created * 1000)
    .toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const label = t("gallery.experiments.delete", { title });
  const click = () => ask(list, id, size);
  const button = h("button", {
    type: "button", class: "icon-button run-delete changes", title: label, "aria-label": label, on: { click },
  }, icon("close"));
  const element = h("li", { class: "experiment-card" },
    h("div", { class: "run-foot" }, h("p", { class: "run-line" }, status), button),
    h("a", { href: url }, h("strong", { text: title })),
    name && h("p", { class: "run-line", text: titleOf(list.catalogue, { ...experiment, name: "" }, varied) }),
    state, best, h("p", { class: "run-line", text: date }));
  const show = (now) => {
    setAttribute(status, "data-status", now.status);
    setText(status, t(`experiment.status.${now.status}`));
    setText(state, countsText(now));
    best.hidden = !now.best;
    setText(best, t("gallery.experiments.best", { loss: steady(now.best?.score) }));
  };
  return { element, show };
}

/** "24 runs", and how many have another status than the experiment, such as those that diverged. */
function countsText({ size, status, counts }) {
  const others = Object.entries(counts).filter(([other]) => other !== status)
    .map(([other, count]) => t("gallery.experiments.count", { status: t(`gallery.status.${other}`), count }));
  return [t("gallery.experiments.runs", { count: size }), ...others].join(" · ");
}

/** "Learning rate: 8 values × Seed: 3 values". */
const variedText = (schema, vary) => Object.entries(vary).map(([path, values]) => {
  const [field, count] = [settingLabel(schema, path), values.count ?? values.length];
  return count === undefined ? field : t("experiment.varied", { field, count });
}).join(" × ");

/** Asks whether the runs are deleted too; runs that are kept are then in the list of all runs. */
function ask(list, id, size) {
  const remove = (keep) => api.removeExperiment(id, keep);
  askForDeletion({ members: { length: size }, remove }, list.notice, (keep) => {
    if (keep) return location.reload();
    list.experiments = list.experiments.filter((experiment) => experiment.id !== id);
    list.cards.delete(id);
    return show(list);
  });
}

function createNotice() {
  const element = h("p", { class: "experiment-error", role: "alert", hidden: true });
  const say = (message) => {
    element.hidden = false;
    setText(element, message);
  };
  return { element, say };
}
