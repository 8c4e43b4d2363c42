// Rows as noisy input, original and reconstruction, and the signal-to-noise ratio of each method.

import { cividis, css, pack } from "../../core/colours.js";
import { h, setAttribute, setText } from "../../core/dom.js";
import { integer, number } from "../../core/formats.js";
import { runIdentity } from "../../core/store.js";
import { LARGE, FONT } from "../shared/axes.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { t } from "../../core/text.js";

const VIEW = "view:reconstruction";
const ROWS = 3;
const KEYS = ["dots", "dashed", "line", "lost"];

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
  const turn = (by) => () => store.set({ firstRow: Math.max(0, (store.get().firstRow ?? 0) + by) });
  const button = (text, title, by) =>
    h(
      "button",
      { type: "button", class: "chip small", title, "aria-label": title, on: { click: turn(by) } },
      h("span", { text }),
    );
  shell.tools.append(
    button("‹", t("panel.reconstruction.previous"), -ROWS),
    button("›", t("panel.reconstruction.next"), ROWS),
  );
  shell.body.append(note, box, table);
  const view = { shell, canvas, box, table, note, shape: "" };
  return {
    name: "reconstruction",
    section,
    moving: true,
    view,
    needs: [VIEW, "firstRow", "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => {
      subscribe(store, state);
      draw(view, state);
    },
  };
}

function subscribe(store, state) {
  const subscription = { view: "reconstruction", options: { first: state.firstRow ?? 0, count: ROWS } };
  if (JSON.stringify(state.subscriptions.reconstruction) !== JSON.stringify(subscription))
    store.set({ subscriptions: { ...state.subscriptions, reconstruction: subscription } });
}

function draw(view, state) {
  const { canvas, box, note, table } = view;
  const frame = state[VIEW]?.run === state.run?.id ? state[VIEW] : null;
  note.hidden = Boolean(frame);
  box.hidden = table.hidden = !frame;
  if (!frame) return;
  showTable(view, frame);
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 40 || height < 60) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const parts = Object.entries(frame.rows);
  const across = width / parts.length;
  parts.forEach(([name, rows], column) => {
    const area = { x: column * across + 4, width: across - 8 };
    context.font = FONT;
    context.fillStyle = state.colours.muted;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(
      t(`panel.reconstruction.rows.${name}`, { first: integer(rows.first + 1), total: integer(rows.total) }),
      area.x,
      2,
      area.width,
    );
    const top = 18 * LARGE;
    const tall = (height - top) / ROWS;
    for (let row = 0; row < rows.noisy.shape[0]; row++) {
      const place = { ...area, y: top + row * tall, height: tall - 6 };
      (frame.image ? pictures : curve)(context, rows, row, place, state.colours, frame);
      if (rows.kinds) label(context, rows.kinds[row], place, state.colours);
    }
  });
  setAttribute(canvas, "aria-label", describe(frame));
}

const rowOf = (array, row) => array.subarray(row * array.shape[1], (row + 1) * array.shape[1]);

function curve(context, rows, row, { x, y, width, height }, colours) {
  const [noisy, clean, found, lost] = ["noisy", "clean", "reconstructed", "lost"].map((name) =>
    rowOf(rows[name], row),
  );
  let [low, high] = [Infinity, -Infinity];
  for (const values of [noisy, clean, found])
    for (const value of values)
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const toX = (i) => x + (width * (i + 0.5)) / clean.length;
  const toY = (value) => y + height - ((value - low) / (high - low || 1)) * (height - 4) - 2;
  context.fillStyle = colours.faint ?? colours.line;
  lost.forEach((gone, i) => gone && context.fillRect(toX(i - 0.5), y, width / clean.length + 0.5, height));
  context.strokeStyle = colours.line;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.fillStyle = colours.muted;
  noisy.forEach((value, i) => !lost[i] && context.fillRect(toX(i) - 1.2, toY(value) - 1.2, 2.4, 2.4));
  path(context, found, toX, toY, colours.accent, 2.2, []);
  path(context, clean, toX, toY, colours.text, 1.1, [4, 3]);
}

function path(context, values, toX, toY, colour, width, dash) {
  context.save();
  context.beginPath();
  values.forEach((value, i) => Number.isFinite(value) && context.lineTo(toX(i), toY(value)));
  context.strokeStyle = colour;
  context.lineWidth = width * LARGE;
  context.setLineDash(dash);
  context.stroke();
  context.restore();
}

/** Three pictures side by side: disturbed, undisturbed, given back. */
function pictures(context, rows, row, { x, y, width, height }, colours, { image }) {
  const [lines, columns] = image;
  const names = ["noisy", "clean", "reconstructed"];
  const clean = rowOf(rows.clean, row);
  const [low, high] = [Math.min(...clean), Math.max(...clean)];
  const side = Math.min(height - 14 * LARGE, width / 3 - 6);
  names.forEach((name, i) => {
    const picture = new OffscreenCanvas(columns, lines);
    const pixels = new ImageData(columns, lines);
    const packed = new Uint32Array(pixels.data.buffer);
    rowOf(rows[name], row).forEach((value, k) => (packed[k] = pack(cividis((value - low) / (high - low || 1)))));
    picture.getContext("2d").putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, x + i * (side + 6), y + 14 * LARGE, side, side);
  });
}

function label(context, text, { x, y, width }, colours) {
  context.font = FONT;
  const wide = context.measureText(text).width;
  context.fillStyle = colours.panel;
  context.fillRect(x + width - wide - 10, y + 2, wide + 8, 14 * LARGE);
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText(text, x + width - 6, y + 3);
}

function showTable(view, { snr, filters, image }) {
  const [first, ...others] = Object.keys(snr);
  const unseen = others.at(-1) ?? first;
  const ways = ["before", ...filters.map(({ name }) => name), "after"];
  const shape = ways.join() + Object.keys(snr).join();
  if (view.shape !== shape) {
    view.shape = shape;
    view.cells = {};
    const cell = (part, way) => (view.cells[`${part} ${way}`] = h("td", {}));
    const title = (way) => {
      const filter = filters.find(({ name }) => name === way);
      if (!filter) return t(`panel.reconstruction.method.${way}`);
      const values = { name: way, count: filter.window, degree: filter.degree };
      return filter.degree
        ? t("panel.reconstruction.filter_degree", values)
        : t("panel.reconstruction.filter", values);
    };
    const head = h(
      "tr",
      {},
      h("th", { scope: "col", text: t("panel.reconstruction.snr") }),
      Object.keys(snr).map((part) => h("th", { scope: "col", text: t(`panel.reconstruction.part.${part}`) })),
    );
    view.table.replaceChildren(
      h(
        "p",
        { class: "reconstruction-key" },
        image
          ? "left: disturbed · middle: as it was · right: given back"
          : KEYS.map((name) =>
              h("span", {}, h("i", { class: `key-${name}` }), t(`panel.reconstruction.key.${name}`)),
            ),
      ),
      h(
        "table",
        {},
        h("thead", {}, head),
        h(
          "tbody",
          {},
          ways.map((way) =>
            h(
              "tr",
              { "data-way": way },
              h("th", { scope: "row", text: title(way) }),
              Object.keys(snr).map((part) => cell(part, way)),
            ),
          ),
        ),
      ),
    );
  }
  const best = ways.reduce((one, other) => (snr[unseen][other] > snr[unseen][one] ? other : one));
  for (const part of Object.keys(snr))
    for (const way of ways) {
      const cell = view.cells[`${part} ${way}`];
      setText(cell, number(snr[part][way]));
      setAttribute(cell, "data-best", part === unseen && way === best ? "true" : null);
    }
}

function describe({ snr, rows }) {
  const each = Object.keys(rows).map((part) =>
    t(`panel.reconstruction.description.${part}`, {
      before: number(snr[part].before),
      after: number(snr[part].after),
    }),
  );
  return t("panel.reconstruction.canvas", { parts: each.join("; ") });
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
