// The head of the page of an experiment: what varies, the progress of the members, and the buttons for all of them.

import { api } from "../core/api.js";
import { h, setAttribute, setText } from "../core/dom.js";
import { integer, number } from "../core/formats.js";
import { getPath } from "../core/store.js";
import { t } from "../core/text.js";
import { settingText } from "../reference/setting-names.js";
import { paradigmEntry } from "../studio/problem.js";
import { askForDeletion } from "./deletion.js";
import { askForHalving } from "./halving.js";
import { askForRule } from "./halving-rule.js";
import { refreshing } from "./shared/refreshing.js";
import { labelOf, valuesText, variedPaths } from "./variation.js";

const TRAINING = ["running", "queued"];
const CAN_START = ["paused", "stopped"];
const MIB = 1024 ** 2;
const ROUNDING_MS = 10000; // between two comparisons with single runs

/** The element of the head, kept up to date. */
export function createHead(experiment) {
  const [progress, notice] = [createProgress(), createNotice()];
  const buttons = createButtons(experiment, notice);
  const show = () => {
    progress.show(experiment);
    buttons.show(experiment);
    notice.show(experiment);
  };
  experiment.subscribe(show);
  show();
  return h("section", { class: "panel experiment-overview", "aria-label": t("experiment.heading") },
    h("div", { class: "experiment-line" }, progress.element, buttons.element), notice.element, facts(experiment));
}

/** The varied fields with their values, and the number of runs. */
function facts(experiment) {
  const fact = (name, value) => h("div", {}, h("dt", { text: name }), h("dd", {}, value));
  const { bytes, budget } = experiment.detail.checkpoints;
  const recorded = t("experiment.recorded", { bytes: number(bytes / MIB), budget: number(budget / MIB) });
  return h("dl", { class: "experiment-facts" },
    variedPaths(experiment).map((path) => fact(labelOf(experiment, path), valuesText(experiment, path))),
    commonPaths(experiment).map((path) => fact(labelOf(experiment, path), commonText(experiment, path))),
    fact(t("experiment.count"), integer(experiment.members.length)),
    fact(t("experiment.recorded_label"), recorded), togetherFact(experiment, fact), halvingFact(experiment, fact));
}

/** The most important fields that all members have in common, of those whose values are known. */
function commonPaths({ catalogue, config, detail }) {
  const { source } = paradigmEntry(catalogue, detail);
  const paths = [source.field, "layers", "optimizer.name", "optimizer.learning_rate"];
  const varied = Object.keys(detail.vary);
  const isPart = (path, of) => path === of || path.startsWith(`${of}.`);
  const isVaried = (path) => varied.some((each) => isPart(path, each) || isPart(each, path));
  return paths.filter((path) => getPath(config, path) !== undefined && !isVaried(path));
}

const commonText = ({ schema, catalogue, config }, path) =>
  settingText({ schema, catalogue }, path, getPath(config, path));

/** The rule by which the worse half pauses, and the comparisons until now, which are read again with the members. */
function halvingFact(experiment, fact) {
  const text = h("span");
  const element = fact(t("experiment.halving_label"), text);
  const show = () => {
    const { halving } = experiment.detail;
    element.hidden = !halving;
    if (halving) setText(text, halvingText(halving));
  };
  experiment.subscribe(show);
  show();
  return element;
}

function halvingText({ every, until, rounds }) {
  const next = until === null ? t("experiment.halving_done") : t("experiment.halving_next", { step: integer(until) });
  return [
    every === null ? t("experiment.halving_request") : t("experiment.halving_every", { every: integer(every) }),
    ...rounds.map(({ at, paused, members }) => t("experiment.halving_round", {
      at: integer(at), paused: integer(paused.length), members: integer(members),
    })),
    every === null ? "" : next,
  ].filter(Boolean).join("; ");
}

/** How many runs train together, and how one of each batch differs from the same run alone, once this is known. */
function togetherFact(experiment, fact) {
  const text = h("span");
  const element = fact(t("experiment.together_label"), text);
  element.hidden = !experiment.members.some(({ mode }) => mode === "batched");
  if (element.hidden) return element;
  setText(text, t("experiment.together_checking"));
  refreshing(experiment, () => api.experimentRounding(experiment.id), (found) => setText(text, togetherText(found)),
    (message) => setText(text, message), { interval: ROUNDING_MS });
  return element;
}

function togetherText({ batched, alone, checked }) {
  const counts = t("experiment.together", { count: integer(batched), total: integer(batched + alone) });
  if (!checked.length) return counts;
  const steps = Math.max(...checked.map(({ steps: [first, last] }) => last - first));
  const difference = number(Math.max(...checked.map((each) => each.difference)));
  const result = checked.every(({ exact }) => exact)
    ? t("experiment.together_exact", { count: steps })
    : t("experiment.together_rounding", { count: steps, difference });
  return `${counts} ${result}`;
}

/** Status, a bar, and how many members have ended or how far they came. */
function createProgress() {
  const status = h("strong", { class: "run-status" });
  const text = h("span", { class: "experiment-count" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": t("experiment.progress_label") });
  return {
    element: h("p", { class: "experiment-progress", role: "status" }, status, bar, text),
    show(experiment) {
      const state = statusOf(experiment.members);
      setAttribute(status, "data-status", state);
      setText(status, t(`experiment.status.${state}`));
      const { share, label } = progressOf(experiment);
      setAttribute(bar, "value", share.toFixed(3));
      setText(text, label);
    },
  };
}

/** The status of the whole: that of a member which can still train, or finished. */
export function statusOf(members) {
  const present = new Set(members.map(({ status }) => status));
  return ["running", "queued", "paused", "stopped"].find((status) => present.has(status)) ?? "finished";
}

const hasBegun = ({ status, step }) => TRAINING.includes(status) && step > 0;
const hasEnded = ({ status }) => !TRAINING.includes(status) && !CAN_START.includes(status);

/** With a limit of steps, the share of all steps; else that of the members that have ended. */
function progressOf({ members, detail }) {
  const total = members.length;
  const done = members.filter(hasEnded).length;
  const { steps } = detail.config;
  const label = t("experiment.progress", { done: integer(done), total: integer(total) });
  if (!total) return { share: 0, label };
  if (!steps) return { share: done / total, label };
  const shares = members.map((member) => (hasEnded(member) ? 1 : Math.min(1, member.step / steps)));
  return { share: shares.reduce((sum, share) => sum + share, 0) / total, label };
}

function createButtons(experiment, notice) {
  const run = (request) => async ({ currentTarget }) => {
    currentTarget.disabled = true;
    await request().catch((error) => notice.say(error.message));
    currentTarget.disabled = false;
  };
  const button = (text, click, title) =>
    h("button", { type: "button", class: "button", text, title, on: { click } });
  const command = (name, text, title) => button(text, run(() => experiment.command(name)), title);
  const start = command("start", t("experiment.start"), t("experiment.start_help"));
  const pause = command("pause", t("experiment.pause"), t("experiment.pause_help"));
  const stop = command("stop", t("experiment.stop"), t("experiment.stop_help"));
  const remove = button(t("experiment.delete"), () => askForDeletion(experiment, notice));
  const halve = button(t("experiment.halve"), () => askForHalving(experiment), t("experiment.halve_help"));
  const rule = button(t("experiment.rule"), () => askForRule(experiment), t("experiment.rule_help"));
  const all = [start, pause, halve, rule, stop, remove];
  start.classList.add("primary");
  return {
    element: h("div", { class: "experiment-buttons changes" }, all),
    show({ members, connection }) {
      const has = (statuses) => members.some(({ status }) => statuses.includes(status));
      start.hidden = !has(CAN_START);
      pause.hidden = !has(TRAINING);
      halve.hidden = members.filter(hasBegun).length < 2;
      rule.hidden = members.length < 2 || !has([...TRAINING, ...CAN_START]);
      stop.hidden = !has([...TRAINING, "paused"]);
      for (const each of all) setAttribute(each, "aria-disabled", connection === "gone");
    },
  };
}

/** What a person must know: an error, a lost connection, or that the experiment was deleted. */
function createNotice() {
  const element = h("p", { class: "experiment-notice", role: "alert", hidden: true });
  let said = "";
  const text = ({ connection }) => {
    if (connection === "gone") return t("experiment.gone");
    return connection === "lost" ? t("experiment.lost") : said;
  };
  const show = (experiment) => {
    const now = text(experiment);
    element.hidden = !now;
    setText(element, now);
  };
  const say = (message) => {
    said = message;
    element.hidden = false;
    setText(element, message);
  };
  return { element, show, say };
}
