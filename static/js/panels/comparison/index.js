// The present policy compared with fixed rules on the same unseen episodes: every episode, means, differences.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { number, percent } from "../../core/formats.js";
import { same, runIdentity } from "../../core/store.js";
import { FONT } from "../shared/axes.js";
import { span } from "../shared/chart.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { ticks } from "../shared/scales.js";
import { t } from "../../core/text.js";

const COUNTS = [16, 64, 256];

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.comparison.tab"),
    line: "",
    data: () => exported(store.get()["view:comparison"]),
  });
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
  const again = iconButton("dice", t("panel.comparison.other"), () =>
    set({ seed: (store.get().comparisonOptions?.seed ?? 0) + 1 }),
  );
  shell.tools.append(count, again);
  const canvas = h("canvas", { role: "img" });
  const box = h("div", { class: "comparison-box" }, canvas);
  const table = h("table", { class: "numbers" });
  const note = h("p", { class: "panel-note" });
  const inside = h(
    "div",
    { class: "comparison" },
    box,
    h(
      "div",
      { class: "table-scroller", tabindex: 0, role: "region", "aria-label": t("panel.comparison.table") },
      table,
    ),
  );
  shell.body.append(note, inside);
  const view = { store, shell, count, canvas, box, table, note, inside };
  return {
    name: "comparison",
    section,
    moving: true,
    view,
    needs: [
      "view:comparison",
      "progress:comparison",
      "comparisonOptions",
      "theme",
      "layoutSize",
      "openTabs",
      runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { store, shell, count, note, inside, table } = view;
  const chosen = { episodes: 64, seed: 0, ...state.comparisonOptions };
  const subscription = { view: "comparison", options: chosen, id: "comparison" };
  if (!same(subscription, state.subscriptions.comparison))
    store.set({ subscriptions: { ...state.subscriptions, comparison: subscription } });
  count.value = chosen.episodes;
  const frame = state["view:comparison"]?.run === state.run?.id ? state["view:comparison"] : null;
  const done = state["progress:comparison"]?.progress;
  note.hidden = Boolean(frame);
  inside.hidden = !frame;
  setText(note, done ? t("panel.comparison.progress", { share: percent(done) }) : t("panel.comparison.waiting"));
  if (!frame) return;
  setText(
    shell.subtitle,
    frame.lower_is_better
      ? t("panel.comparison.lower", { score: frame.judged })
      : t("panel.comparison.higher", { score: frame.judged }),
  );
  fill(table, frame); // before the strips, whose height it changes
  strips(view, frame, state.colours);
}

const colourOf = (way, colours) => (way.learned ? colours.accent : colours.bars);

function strips({ canvas, box }, frame, colours) {
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 120 || height < 60) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const left = Math.min(152, width * 0.36);
  const [low, high] = span(...frame.ways.map(({ values }) => values), [frame.judged === "slowdown" ? 1 : 0]);
  const pad = (high - low) * 0.03;
  const x = (value) => left + ((width - left - 14) * (value - low + pad)) / (high - low + 2 * pad);
  const row = (height - 20) / frame.ways.length;
  context.font = FONT;
  context.textBaseline = "middle";
  frame.ways.forEach((way, i) => {
    const y = row * (i + 0.5);
    context.textAlign = "left";
    context.fillStyle = way.learned ? colours.strong : colours.text;
    context.fillText(way.title, 10, y, left - 16);
    context.fillStyle = colourOf(way, colours);
    context.globalAlpha = 0.32;
    way.values.forEach((value, k) => {
      context.beginPath();
      context.arc(x(value), y + (((k * 37) % 17) / 17 - 0.5) * row * 0.5, 2.2, 0, 2 * Math.PI);
      context.fill();
    });
    context.globalAlpha = 1;
    context.fillRect(
      x(way.mean - way.error),
      y - 1.5,
      Math.max(2, x(way.mean + way.error) - x(way.mean - way.error)),
      3,
    );
    context.fillRect(x(way.mean) - 1.5, y - row * 0.32, 3, row * 0.64);
  });
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const value of ticks(low, high, Math.max(2, (width - left) / 70)))
    context.fillText(number(value), x(value), height - 3);
  context.textAlign = "left";
  context.fillText(frame.judged, 10, height - 3);
  setAttribute(
    canvas,
    "aria-label",
    frame.ways
      .map((way) =>
        t("panel.comparison.description", {
          policy: way.title,
          score: frame.judged,
          mean: number(way.mean),
          error: number(way.error),
        }),
      )
      .join("; "),
  );
}

function fill(table, frame) {
  const rows = frame.ways.map((way) => [
    way.title,
    `${number(way.mean)} ± ${number(way.error)}`,
    number(way.std),
    way.name === "sampled"
      ? ""
      : `${way.ahead.mean > 0 ? "+" : ""}${number(way.ahead.mean)} ± ${number(way.ahead.error)}`,
  ]);
  const key = JSON.stringify(rows);
  if (table.dataset.key === key) return;
  table.dataset.key = key;
  const cells = (row, tag) =>
    row.map((text, i) =>
      h(i ? tag : "th", {
        text,
        scope: i ? null : "row",
        title: i ? null : frame.ways.find(({ title }) => title === text)?.help,
      }),
    );
  table.replaceChildren(
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["", t("panel.comparison.mean"), t("panel.comparison.spread"), t("panel.comparison.difference")].map((text) =>
          h("th", { text, scope: "col" }),
        ),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) => h("tr", {}, cells(row, "td"))),
    ),
  );
}

function exported(frame) {
  if (!frame) return {};
  return {
    step: frame.step,
    judged: frame.judged,
    ways: frame.ways.map(({ values, ...way }) => way),
    columns: Object.fromEntries(frame.ways.map((way) => [way.title, Array.from(way.values)])),
  };
}
