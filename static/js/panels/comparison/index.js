// The current policy compared with heuristics on the same test episodes: every episode, means and differences.

import { h, iconButton, setProperty, setText } from "../../core/dom.js";
import { percent } from "../../core/formats.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { drawStrips } from "./strips.js";
import { showTable } from "./table.js";

const COUNTS = [16, 64, 256];

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.comparison.tab"),
    line: "",
    data: () => exported(frameOf(store.get())),
  });
  const view = { store, shell, ...buildContent() };
  view.count = buildControls(store, shell.tools);
  shell.body.append(view.note, view.content);
  const needs = ["view:comparison", "progress:comparison", "comparisonOptions", "theme", "layoutSize", "openTabs"];
  return {
    name: "comparison",
    section,
    moving: true,
    view,
    needs: [...needs, runIdentity],
    draw: (state) => draw(view, state),
  };
}

/** Appends the select of the number of episodes and the button for other episodes to the tools; returns the select. */
function buildControls(store, tools) {
  const set = (changes) => store.set({ comparisonOptions: { ...store.get().comparisonOptions, ...changes } });
  const count = h(
    "select",
    {
      class: "select small",
      "aria-label": t("panel.comparison.count"),
      on: { change: () => set({ episodes: Number(count.value) }) },
    },
    COUNTS.map((value) => h("option", { value, text: t("panel.comparison.episodes", { count: value }) })),
  );
  const nextSeed = () => set({ seed: (store.get().comparisonOptions?.seed ?? 0) + 1 });
  tools.append(count, iconButton("dice", t("panel.comparison.other"), nextSeed));
  return count;
}

function buildContent() {
  const canvas = h("canvas", { role: "img" });
  const box = h("div", { class: "comparison-box" }, canvas);
  const table = h("table", { class: "numbers" });
  const region = { class: "table-scroller", tabindex: 0, role: "region", "aria-label": t("panel.comparison.table") };
  const label = t("panel.comparison.tab");
  const group = { class: "comparison", tabindex: 0, role: "group", "aria-label": label };
  const content = h("div", group, box, h("div", region, table));
  return { canvas, box, table, content, note: h("p", { class: "panel-note" }) };
}

function draw(view, state) {
  const { store, shell, count, note, content, table } = view;
  const options = { episodes: 64, seed: 0, ...state.comparisonOptions };
  subscribe(store, "comparison", { view: "comparison", options, id: "comparison" });
  count.value = options.episodes;
  const frame = frameOf(state);
  setProperty(note, "hidden", Boolean(frame));
  setProperty(content, "hidden", !frame);
  if (!frame) return setText(note, waitingText(state["progress:comparison"]?.progress));
  setText(shell.subtitle, scoreText(frame));
  view.box.style.setProperty("--policies", frame.policies.length);
  showTable(table, frame); // before the strips are measured: its height reduces theirs
  drawStrips(view, frame, state.colours);
}

/** The frame of the current run with the titles of the score and of each policy; or null. */
function frameOf({ "view:comparison": frame, run, catalogue }) {
  if (!frame || frame.run !== run?.id) return null;
  const entryOf = (entries, name) => entries.find((entry) => entry.name === name);
  const { scores, heuristics } = entryOf(catalogue.environments, run.config.environment.name);
  const policies = frame.ways.map((policy) => {
    const { title, help } = policy.learned ? learnedText(policy.name) : entryOf(heuristics, policy.name);
    return { ...policy, title, help };
  });
  return { ...frame, policies, score: entryOf(scores, frame.judged).title };
}

function learnedText(name) {
  return { title: t(`panel.comparison.policy.${name}.title`), help: t(`panel.comparison.policy.${name}.help`) };
}

function waitingText(progress) {
  return progress
    ? t("panel.comparison.progress", { share: percent(progress) })
    : t("panel.comparison.waiting");
}

function scoreText({ lower_is_better: lower, score }) {
  return lower ? t("panel.comparison.lower", { score }) : t("panel.comparison.higher", { score });
}

function exported(frame) {
  if (!frame) return {};
  return {
    step: frame.step,
    judged: frame.judged,
    ways: frame.policies.map(({ values, ...policy }) => policy),
    columns: Object.fromEntries(frame.policies.map(({ title, values }) => [title, Array.from(values)])),
  };
}
