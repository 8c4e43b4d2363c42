// What differs: the settings and the results of the runs, beside those of one of them, the baseline.

import { h } from "../core/dom.js";
import { DASH, integer, number } from "../core/formats.js";
import { same } from "../core/store.js";
import { t } from "../core/text.js";
import { scoreText } from "../studio/score.js";
import { badge } from "./colours.js";
import { newest } from "./comparison.js";
import { scoreName, settingsOf } from "./names.js";
import { addSection, tableBox } from "./section.js";

const PARTS = /^(test|validation|train)_|_mean$/; // losses and metrics; other statistics are left out

export function mountDifferences(comparison) {
  const table = () => [...settingRows(comparison), ...resultRows(comparison)].map(({ label, cells }) => ({
    field: label, ...Object.fromEntries(cells.map(({ text }, i) => [comparison.runs[i].letter, text])),
  }));
  const { body } = addSection("differences", t("compare.differences.title"), {
    table, line: t("compare.differences.line"),
  });
  let shown = null;
  const show = () => {
    const rows = { settings: settingRows(comparison), results: resultRows(comparison) };
    const key = [comparison.baseline, comparison.runs.map(({ id, title }) => [id, title]), rows];
    if (same(key, shown)) return;
    shown = key;
    const focused = document.activeElement?.dataset?.baseline;
    body.replaceChildren(tableBox(t("compare.differences.title"), [head(comparison), bodies(comparison, rows)]));
    if (focused) body.querySelector(`[data-baseline="${focused}"]`)?.focus();
  };
  comparison.subscribe(show);
  show();
}

/** One column per run, with the choice of the baseline. */
function head(comparison) {
  const cell = (entry) => {
    const radio = h("input", {
      type: "radio", name: "baseline", "data-baseline": entry.id,
      on: { change: () => comparison.setBaseline(entry.id) },
    });
    radio.checked = entry.id === comparison.baseline;
    const title = h("a", { class: "compare-name", href: `/runs/${entry.id}`, text: entry.title });
    return h("th", { scope: "col" }, badge(entry), " ", title,
      h("label", { class: "compare-baseline" }, radio, t("compare.baseline")));
  };
  return h("thead", {}, h("tr", {}, h("td", {}), comparison.runs.map(cell)));
}

function bodies(comparison, { settings, results }) {
  const width = comparison.runs.length + 1;
  const heading = (text) => h("tr", {}, h("th", { scope: "rowgroup", colspan: width, class: "compare-group", text }));
  const none = h("tr", {}, h("td", { colspan: width, text: t("compare.differences.none") }));
  return [
    h("tbody", {}, heading(t("compare.differences.settings")), settings.length ? settings.map(row) : none),
    h("tbody", {}, heading(t("compare.differences.results")), results.map(row)),
  ];
}

function row({ label, cells }) {
  const deltaOf = ({ delta, isBetter }) => delta
    && [" ", h("span", { class: isBetter ? "compare-delta better" : "compare-delta", text: delta })];
  const cell = (shown) => h("td", { class: shown.isSame ? "compare-same" : null }, shown.text, deltaOf(shown));
  return h("tr", {}, h("th", { scope: "row", text: label }), cells.map(cell));
}

function settingRows(comparison) {
  const base = comparison.runs.findIndex(({ id }) => id === comparison.baseline);
  return settingsOf(comparison).map(({ label, values, texts }) => ({
    label,
    cells: texts.map((text, i) => ({ text, isSame: i !== base && same(values[i], values[base]) })),
  }));
}

/** Steps, and of every loss and metric the newest and the best value, with the difference to the baseline. */
function resultRows(comparison) {
  const { runs, scores, baseline } = comparison;
  const base = runs.findIndex(({ id }) => id === baseline);
  const steps = { label: t("compare.differences.steps"), cells: runs.map(({ run }) => ({ text: integer(run.step) })) };
  const listed = scores.filter(({ name }) => PARTS.test(name));
  return [steps, ...listed.flatMap((score) => {
    const title = scoreName(comparison, score.name);
    const latest = runs.map((entry) => newest(entry, score.name));
    const best = score.best.map((point) => point?.value);
    return [
      { label: title, cells: valueCells(score, latest, base) },
      { label: t("compare.differences.best", { title }), cells: valueCells(score, best, base) },
    ];
  })];
}

function valueCells({ name, higher_is_better: isHigherBetter }, values, base) {
  return values.map((value, i) => {
    const text = Number.isFinite(value) ? valueText(name, value) : DASH;
    const delta = i === base ? NaN : value - values[base];
    if (!Number.isFinite(delta)) return { text };
    const isBetter = isHigherBetter ? delta > 0 : delta < 0;
    return { text, delta: deltaText(name, delta) + (isBetter ? " ★" : ""), isBetter };
  });
}

const valueText = (name, value) => (name.endsWith("_loss") ? number(value) : scoreText(name, value));
const deltaText = (name, delta) => (name.endsWith("accuracy")
  ? t("compare.points", { value: signed(100 * delta) }) : signed(delta));
const signed = (delta) => (delta > 0 ? `+${number(delta)}` : delta < 0 ? `−${number(-delta)}` : "±0");
