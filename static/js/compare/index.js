// The page that compares runs: which ones, curves, pictures at equal steps, differences, and distances of the weights.

import { api } from "../core/api.js";
import { h, iconButton, setText } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { createStore, isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { startTheme } from "../core/theme.js";
import { errorText } from "../studio/error-text.js";
import { badge } from "./colours.js";
import { openComparison } from "./comparison.js";
import { mountCurves } from "./curves.js";
import { mountDifferences } from "./differences.js";
import { mountMaps } from "./maps.js";
import { mountWeights } from "./weights.js";

api.errorText = errorText;
const theme = startTheme(createStore({ theme: null, colours: null }));
const notice = document.getElementById("notice");
document.getElementById("theme").addEventListener("click", () => {
  theme.toggle();
  redraw?.();
});
let redraw = null;
start().catch((error) => say(error.message));

function say(text) {
  notice.hidden = !text;
  setText(notice, text);
}

async function start() {
  const ids = (new URLSearchParams(location.search).get("runs") ?? "").split(",").filter(Boolean);
  if (ids.length < 2) return say(t("compare.too_few"));
  const comparison = await openComparison(ids);
  if (comparison.missing) say(t("compare.missing", { count: comparison.missing }));
  if (!comparison.runs.length) return undefined;
  mountRuns(comparison);
  redraw = mountCurves(comparison).draw;
  mountMaps(comparison);
  mountDifferences(comparison);
  mountWeights(comparison);
  return undefined;
}

/** The list of the runs with their state, and the buttons that train, pause or take out. */
function mountRuns(comparison) {
  const list = h("ul", { class: "compare-runs" });
  const command = (name) => async () => {
    const results = await Promise.allSettled(comparison.runs.filter(({ run }) => isTraining(run) === (name === "pause"))
      .map(({ id }) => api.command(id, name)));
    say(results.find(({ reason }) => reason)?.reason.message ?? "");
  };
  const button = (text, click) => h("button", { type: "button", class: "button small changes", text, on: { click } });
  const start = button(t("compare.start"), command("start"));
  const pause = button(t("compare.pause"), command("pause"));
  document.getElementById("head").append(list, h("div", { class: "compare-tools" }, start, pause));
  const rows = new Map();
  const show = () => {
    const { runs } = comparison;
    start.hidden = !runs.some(({ run }) => run.status === "paused" || run.status === "stopped");
    pause.hidden = !runs.some(({ run }) => isTraining(run));
    for (const entry of runs) if (!rows.has(entry.id)) rows.set(entry.id, createRow(comparison, entry, list));
    for (const [id, row] of rows) {
      const entry = runs.find((other) => other.id === id);
      row.show(entry, runs.length);
      if (!entry) rows.delete(id);
    }
    showDropped(comparison, runs);
  };
  comparison.subscribe(show);
  show();
}

/** A deleted run is said once, and is no longer in the address. */
function showDropped(comparison, runs) {
  const address = `?runs=${runs.map(({ id }) => id).join(",")}`;
  if (location.search !== address) history.replaceState(null, "", address);
  const title = comparison.dropped.pop();
  if (title) say(t("compare.deleted", { run: title }));
}

function createRow(comparison, entry, list) {
  const status = h("span", { class: "run-line" });
  const link = h("a", { class: "compare-name", href: `/runs/${entry.id}`, text: entry.title });
  const label = t("compare.remove", { run: entry.title });
  const remove = iconButton("close", label, () => comparison.remove(entry.id));
  const element = h("li", { class: "compare-run" }, badge(entry), link, status, remove);
  list.append(element);
  return {
    show(now, count) {
      if (!now) return element.remove();
      remove.hidden = count <= 2;
      const values = { status: t(`gallery.status.${now.run.status}`), step: integer(now.run.step) };
      return setText(status, t("compare.run_state", values));
    },
  };
}
