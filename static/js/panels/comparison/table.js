// A table with a row per policy: mean, standard deviation and difference to the learned policy.

import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

export function showTable(table, frame) {
  const rows = frame.policies.map(rowOf);
  const key = JSON.stringify(rows);
  if (table.dataset.key === key) return;
  table.dataset.key = key;
  const names = ["policy", "mean", "spread", "difference"].map((name) => t(`panel.comparison.${name}`));
  const head = names.map((text) => h("th", { text, scope: "col" }));
  const body = rows.map((cells, i) => buildRow(cells, frame.policies[i].help));
  table.replaceChildren(h("thead", {}, h("tr", {}, head)), h("tbody", {}, body));
}

function rowOf({ name, title, mean, error, std, ahead }) {
  const sign = ahead.mean > 0 ? "+" : "";
  // The others are compared with the sampled policy.
  const difference = name === "sampled" ? "" : `${sign}${number(ahead.mean)} ± ${number(ahead.error)}`;
  return [title, `${number(mean)} ± ${number(error)}`, number(std), difference];
}

function buildRow([title, ...cells], help) {
  const heading = h("th", { text: title, scope: "row", title: help });
  return h("tr", {}, heading, cells.map((text) => h("td", { text })));
}
