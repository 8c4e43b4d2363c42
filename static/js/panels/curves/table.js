// The learning curves as a table of numbers, which can be copied. Loaded with the first step.

import { copyText } from "../../core/copying.js";
import { h, icon, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { curvesOf, scoreCurve } from "./curves.js";
import { curveTitle, selectedCurve } from "./shown.js";

const INTERVAL = 1000; // ms between two updates while the run trains
const KEYS = ["history", "curveTab", "run", "catalogue"];

/** Adds the entry to the menu of the panel that shows the table in place of the chart, and the chart again. */
export function addTable(section, store) {
  const label = h("span", { text: t("panel.curves.table.show") });
  const view = createView(section, store);
  const toggle = () => {
    entry.closest(".menu").hidePopover();
    view.box.hidden = !view.box.hidden;
    setText(label, view.box.hidden ? t("panel.curves.table.show") : t("panel.curves.table.hide"));
    view.update();
    if (!view.box.hidden) view.box.focus();
  };
  const entry = h("button", { type: "button", class: "menu-item", on: { click: toggle } }, icon("table"), label);
  document.getElementById(`menu-${section.id}`)?.prepend(entry);
  section.addEventListener("menu", ({ detail }) => detail.prepend(entry));
}

/** The table above the chart; `update()` writes the newest numbers if it is visible. */
function createView(section, store) {
  const table = h("table", { class: "numbers" });
  const status = h("span", { class: "table-status", role: "status" });
  const copy = async () => {
    const text = plainText(allCurves(store.get()));
    const copied = await copyText(text);
    setText(status, copied ? t("panel.curves.table.copied") : t("panel.curves.table.not_copied"));
    if (!copied) getSelection().selectAllChildren(table);
  };
  const attributesOfButton = { type: "button", class: "button small", on: { click: copy } };
  const button = h("button", { ...attributesOfButton, text: t("panel.curves.table.copy") });
  const attributes = { class: "curves-table", tabindex: 0, role: "group", hidden: true };
  const box = h("div", { ...attributes, "aria-label": t("panel.curves.table.label") },
    h("div", { class: "table-tools" }, button, status), table);
  section.querySelector(".curves-box").append(box);
  let timer = 0;
  const update = () => {
    timer = 0;
    if (!box.hidden) table.replaceChildren(...rowsOf(store.get()));
  };
  store.watch((_, changed) => {
    if (box.hidden || !KEYS.some((key) => changed.includes(key))) return;
    timer ||= setTimeout(update, INTERVAL);
  });
  return { box, update };
}

/** The caption, the heading, and a row per recorded step, the newest first. */
function rowsOf(state) {
  const curves = allCurves(state);
  const columns = columnsOf(curves);
  const cells = (step) => columns.map(({ values }) => h("td", { text: number(values.get(step)) }));
  const row = (step) => h("tr", {}, h("th", { scope: "row", text: integer(step) }), cells(step));
  const steps = stepsOf(curves).reverse();
  const heading = [t("panel.curves.step"), ...columns.map(({ name }) => name)];
  return [
    h("caption", { text: curveTitle(state, selectedCurve(state)) }),
    h("thead", {}, h("tr", {}, heading.map((text) => h("th", { scope: "col", text })))),
    h("tbody", {}, steps.map(row)),
  ];
}

const allCurves = (state) => [...curvesOf(state), ...scoreCurve(state)];

const stepsOf = (curves) => [...new Set(curves.flatMap(({ x }) => x))].sort((a, b) => a - b);

/** One column per part of the data, with the values by step; three for the mean with two percentiles. */
function columnsOf(curves) {
  const byStep = (x, y) => new Map(x.map((step, i) => [step, y[i]]));
  return curves.flatMap(({ part, title, x, y, low, high }) => [
    { name: part === "score" ? title : t(`panel.curves.part.${part}`), values: byStep(x, y) },
    ...(low ? [{ name: t("panel.curves.percentile_10"), values: byStep(x, low) }] : []),
    ...(high ? [{ name: t("panel.curves.percentile_90"), values: byStep(x, high) }] : []),
  ]);
}

/** The table as text with tabs, all digits, the earliest step first. */
function plainText(curves) {
  const columns = columnsOf(curves);
  const line = (step) => [step, ...columns.map(({ values }) => values.get(step) ?? "")].join("\t");
  const heading = [t("panel.curves.step"), ...columns.map(({ name }) => name)].join("\t");
  return [heading, ...stepsOf(curves).map(line)].join("\n");
}
