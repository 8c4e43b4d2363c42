// Rows of the data as noisy input, original and reconstruction, and the signal-to-noise ratio of each method.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { withClassTitles } from "../shared/class-titles.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { ROWS, drawRows, rowOf } from "./rows.js";
import { showTable } from "./table.js";

const VIEW = "view:reconstruction";

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.reconstruction.tab"),
    line: t("panel.reconstruction.line"),
    data: () => exported(store.get()[VIEW]),
  });
  const canvas = h("canvas", { role: "img", class: "reconstruction-canvas" });
  const box = h("div", { class: "reconstruction-box" }, canvas);
  const table = h("div", { class: "reconstruction-table" });
  const note = h("p", { class: "panel-note", text: t("panel.reconstruction.waiting") });
  shell.tools.append(...buildRowButtons(store));
  shell.body.append(note, box, table);
  const view = { store, canvas, box, table, note };
  return {
    name: "reconstruction",
    section,
    moving: true,
    view,
    needs: [VIEW, "firstRow", "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => draw(view, state),
  };
}

/** The buttons for the previous and the next rows. */
function buildRowButtons(store) {
  const move = (offset) => store.set({ firstRow: Math.max(0, (store.get().firstRow ?? 0) + offset) });
  const button = (text, title, offset) => {
    const attributes = { type: "button", class: "chip small", title, "aria-label": title };
    return h("button", { ...attributes, on: { click: () => move(offset) } }, h("span", { text }));
  };
  return [
    button("‹", t("panel.reconstruction.previous"), -ROWS),
    button("›", t("panel.reconstruction.next"), ROWS),
  ];
}

function draw({ store, canvas, box, note, table }, state) {
  const subscription = { view: "reconstruction", options: { first: state.firstRow ?? 0, count: ROWS } };
  subscribe(store, "reconstruction", subscription);
  const frame = state[VIEW]?.run === state.run?.id ? withClassTitles(state, state[VIEW]) : null;
  setProperty(note, "hidden", Boolean(frame));
  for (const part of [box, table]) setProperty(part, "hidden", !frame);
  if (!frame) return;
  showTable(table, frame); // before the rows are measured: its height reduces theirs
  drawRows(canvas, frame, { width: box.clientWidth, height: box.clientHeight, colours: state.colours });
  setAttribute(canvas, "aria-label", description(frame));
}

function description({ snr, rows }) {
  const parts = Object.keys(rows).map((part) => {
    const { before, after } = snr[part];
    return t(`panel.reconstruction.description.${part}`, { before: number(before), after: number(after) });
  });
  return t("panel.reconstruction.canvas", { parts: parts.join("; ") });
}

function exported(frame) {
  if (!frame) return {};
  const { rows, snr, filters, step } = frame;
  const lists = (values) => Array.from({ length: values.shape[0] }, (_, row) => Array.from(rowOf(values, row)));
  const parts = Object.entries(rows).map(([name, part]) => [
    name,
    {
      first: part.first,
      kinds: part.kinds,
      noisy: lists(part.noisy),
      clean: lists(part.clean),
      reconstructed: lists(part.reconstructed),
      lost: lists(part.lost),
    },
  ]);
  return { step, signal_to_noise: snr, filters, rows: Object.fromEntries(parts) };
}
