// The members as a table that lists only what differs; it can be sorted, and compared with one of its rows.

import { h, setAttribute } from "../../core/dom.js";
import { DASH, integer, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { metricName } from "../metric-names.js";
import { labelOf, memberName, textOf, valuesOf, variedPaths } from "../variation.js";

/** Returns { element, show(answer, chosen), emphasise(run), rows() }; `chosen`: the ids of its members, or null. */
export function createTable(experiment) {
  const sort = { name: "value", descending: false };
  const table = { experiment, answer: null, sort, baseline: null, lines: new Map() };
  table.head = h("thead");
  table.body = h("tbody");
  const scroller = h("div", {
    class: "plot-scroller", tabindex: 0, role: "region", "aria-label": t("experiment.fields.table"),
  }, h("table", { class: "plot-table fields-table" }, table.head, table.body));
  return {
    element: scroller,
    show(answer, chosen) {
      if (!table.answer) table.sort.descending = answer.higher_is_better;
      const shown = chosen && [...chosen];
      const statuses = experiment.members.map(({ status }) => status);
      const key = JSON.stringify([answer.metric, answer.members, shown, statuses]);
      if (table.key === key) return;
      Object.assign(table, { answer, chosen, key });
      render(table);
    },
    emphasise: (run) => table.lines.forEach((line, id) => line.classList.toggle("hovered", id === run)),
    rows: () => (table.answer ? sorted(table).map((entry) => csvRow(table, entry)) : []),
  };
}

/** The varied fields that differ, the state and the value: [name, title]. */
function columnsOf({ experiment, answer }) {
  const paths = variedPaths(experiment).filter((path) => valuesOf(experiment, path).length > 1);
  return [...paths.map((path) => [path, labelOf(experiment, path)]), ["status", t("experiment.fields.status")],
    ["step", t("experiment.fields.step")], ["value", metricName(answer.metric)]];
}

function entriesOf({ experiment, answer, chosen }) {
  const byRun = new Map(experiment.members.map((member) => [member.run, member]));
  const shown = answer.members.filter(({ run }) => byRun.has(run) && (chosen?.has(run) ?? true));
  return shown.map(({ run, value, step }) => {
    const member = byRun.get(run);
    return { run, member, cells: { ...member.values, status: member.status, step, value } };
  });
}

/** Entries without a value come last. */
function sorted(table) {
  const { name, descending } = table.sort;
  const sign = descending ? -1 : 1;
  return entriesOf(table).sort(({ cells: { [name]: a } }, { cells: { [name]: b } }) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const isNumber = typeof a === "number" && typeof b === "number";
    return sign * (isNumber ? a - b : text(a).localeCompare(text(b)));
  });
}

const text = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

function csvRow({ answer, baseline }, { run, cells: { value, status, step, ...values } }) {
  const difference = baseline === null ? {} : { difference: differenceTo(answer, baseline, value) };
  const shown = Object.entries(values).map(([path, each]) => [path, typeof each === "object" ? text(each) : each]);
  return { ...Object.fromEntries(shown), run, status, step, [answer.metric]: value, ...difference };
}

function differenceTo({ members }, baseline, value) {
  const reference = members.find(({ run }) => run === baseline)?.value ?? null;
  return reference === null || value === null ? null : value - reference;
}

function render(table) {
  const columns = columnsOf(table);
  table.head.replaceChildren(h("tr", {}, columns.map((column) => heading(table, column)),
    h("th", { scope: "col", text: t("experiment.fields.difference") }),
    h("th", { scope: "col", text: t("experiment.fields.baseline") })));
  table.lines.clear();
  table.body.replaceChildren(...sorted(table).map((entry) => row(table, columns, entry)));
}

/** A heading whose button sorts by the column, in the other direction at the second click. */
function heading(table, [name, title]) {
  const isSorted = table.sort.name === name;
  const click = () => {
    table.sort = { name, descending: isSorted && !table.sort.descending };
    render(table);
    table.head.querySelector(`[data-name="${CSS.escape(name)}"]`).focus();
  };
  const order = table.sort.descending ? "descending" : "ascending";
  const mark = isSorted && (table.sort.descending ? " ↓" : " ↑");
  const button = h("button", { type: "button", class: "sort-button", "data-name": name, on: { click } }, title, mark);
  return h("th", { scope: "col", "aria-sort": isSorted ? order : null }, button);
}

function row(table, columns, { run, member, cells }) {
  const { experiment, answer, baseline } = table;
  const [enter, leave] = [() => experiment.hover(run), () => experiment.hover(null)];
  const values = columns.map(([name]) => h("td", { text: cellText(experiment, name, cells[name]) }));
  const difference = baseline === null ? null : differenceTo(answer, baseline, cells.value);
  const sign = difference > 0 ? "+" : "";
  const change = () => {
    table.baseline = run;
    render(table);
    table.lines.get(run).querySelector("input").focus();
  };
  const label = t("experiment.fields.choose", { name: memberName(experiment, member) });
  const choose = h("input", {
    type: "radio", name: "baseline", "aria-label": label, checked: baseline === run, on: { change },
  });
  const line = h("tr", { on: { pointerenter: enter, pointerleave: leave } }, values,
    h("td", { text: difference === null ? DASH : `${sign}${number(difference)}` }),
    h("td", {}, h("label", { class: "choose-target" }, choose)));
  table.lines.set(run, line);
  setAttribute(line, "class", experiment.hovered === run ? "hovered" : null);
  return line;
}

function cellText(experiment, name, value) {
  if (name === "status") return value === "deleted" ? DASH : t(`gallery.status.${value}`);
  if (name === "step") return integer(value);
  if (value === null && name === "value") return DASH;
  return textOf(experiment, name, value);
}
