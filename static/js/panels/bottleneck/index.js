// The codes of an autoencoder as points, in the colours and marks of their classes.

import { classColour, css } from "../../core/colours.js";
import { h, setAttribute, setText } from "../../core/dom.js";
import { number, percent } from "../../core/formats.js";
import { runIdentity } from "../../core/store.js";
import { FONT, LARGE, shortAxis } from "../shared/axes.js";
import { fitCanvas, panelShell } from "../shared/panel.js";
import { t } from "../../core/text.js";

const VIEW = "view:bottleneck";
const MARKS = [circle, square, triangle, diamond, cross];

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.bottleneck.tab"),
    line: t("panel.bottleneck.line"),
    data: () => exported(store.get()[VIEW]),
  });
  const canvas = h("canvas", { role: "img", class: "bottleneck-canvas" });
  const box = h("div", { class: "bottleneck-box" }, canvas);
  const key = h("p", { class: "bottleneck-key" });
  const note = h("p", { class: "panel-note", text: t("panel.bottleneck.waiting") });
  shell.body.append(note, box, key);
  store.set({ subscriptions: { ...store.get().subscriptions, bottleneck: "bottleneck" } });
  const view = { shell, canvas, box, key, note, shape: "" };
  return {
    name: "bottleneck",
    section,
    moving: true,
    view,
    needs: [VIEW, "theme", "layoutSize", "openTabs", runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw({ shell, canvas, box, key, note }, state) {
  const frame = state[VIEW]?.run === state.run?.id ? state[VIEW] : null;
  note.hidden = Boolean(frame);
  box.hidden = key.hidden = !frame;
  if (!frame) return;
  const { axes, units, explained, projected } = frame;
  setText(
    shell.subtitle,
    projected
      ? t("panel.bottleneck.projected", { units, count: axes.length })
      : t("panel.bottleneck.units", { count: units }),
  );
  const variance = projected
    ? `${t("panel.bottleneck.variance", { share: percent(explained.reduce((sum, share) => sum + share, 0)) })} `
    : "";
  setText(
    key,
    `${variance}${frame.classes && frame.kinds ? frame.classes.map((name, i) => `${"●■▲◆✚"[i % 5]} ${name}`).join("  ") : ""}`,
  );
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (width < 40 || height < 40) return;
  fitCanvas(canvas, width, height);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const pairs =
    axes.length > 2
      ? [
          [0, 1],
          [2, 1],
        ]
      : [[0, axes.length - 1]];
  const across = width > height * 1.1;
  const [wide, tall] = across ? [width / pairs.length, height] : [width, height / pairs.length];
  pairs.forEach((pair, i) =>
    scatter(
      context,
      frame,
      pair,
      { x: (across ? i * wide : 0) + 6, y: (across ? 0 : i * tall) + 4, width: wide - 12, height: tall - 10 },
      state.colours,
    ),
  );
  setAttribute(
    canvas,
    "aria-label",
    t("panel.bottleneck.description", { count: frame.codes.shape[0], axes: axes.join(", ") }),
  );
}

function scatter(context, { codes, kinds, axes }, [one, other], area, colours) {
  const [count, dimensions] = codes.shape;
  const column = (axis) => Array.from({ length: count }, (_, row) => codes[row * dimensions + axis]);
  const [xs, ys] = [column(one), one === other ? column(one).map(() => 0) : column(other)];
  const [toX, toY] = [
    place(xs, area.x + 8, area.x + area.width - 8),
    place(ys, area.y + area.height - 8, area.y + 8),
  ];
  context.strokeStyle = colours.line;
  context.strokeRect(area.x, area.y, area.width, area.height);
  xs.forEach((x, row) => {
    if (!Number.isFinite(x) || !Number.isFinite(ys[row])) return;
    context.fillStyle = kinds ? css(classColour(kinds[row])) : colours.accent;
    context.beginPath();
    MARKS[kinds ? kinds[row] % MARKS.length : 0](context, toX(x), toY(ys[row]), 2.6 * LARGE);
    context.fill();
  });
  context.font = FONT;
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(`${shortAxis(axes[one])} →`, area.x + area.width - 4, area.y + area.height - 3);
  context.textAlign = "left";
  context.textBaseline = "top";
  if (one !== other) context.fillText(`↑ ${shortAxis(axes[other])}`, area.x + 4, area.y + 3);
}

function place(values, from, to) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return (value) => (high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2);
}

function circle(context, x, y, r) {
  context.arc(x, y, r, 0, 7);
}

function square(context, x, y, r) {
  context.rect(x - r, y - r, 2 * r, 2 * r);
}

function polygon(context, points) {
  points.forEach(([x, y]) => context.lineTo(x, y));
  context.closePath();
}

function triangle(context, x, y, r) {
  polygon(context, [
    [x, y - 1.3 * r],
    [x + 1.2 * r, y + r],
    [x - 1.2 * r, y + r],
  ]);
}

function diamond(context, x, y, r) {
  polygon(context, [
    [x, y - 1.5 * r],
    [x + 1.2 * r, y],
    [x, y + 1.5 * r],
    [x - 1.2 * r, y],
  ]);
}

function cross(context, x, y, r) {
  context.rect(x - 1.4 * r, y - r / 2, 2.8 * r, r);
  context.rect(x - r / 2, y - 1.4 * r, r, 2.8 * r);
}

function exported(frame) {
  if (!frame) return {};
  const { codes, kinds, axes, explained, classes, step } = frame;
  const [count, dimensions] = codes.shape;
  const columns = Object.fromEntries(
    axes.map((name, axis) => [
      name,
      Array.from({ length: count }, (_, row) => number(codes[row * dimensions + axis], 7)),
    ]),
  );
  return {
    name: "bottleneck",
    step,
    explained: explained && Array.from(explained),
    columns: kinds ? { ...columns, class: Array.from(kinds, (kind) => classes[kind]) } : columns,
  };
}
