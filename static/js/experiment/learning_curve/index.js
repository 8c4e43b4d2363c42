// The learning curve: error against the number of training examples, and whether more of them would help.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { DASH, integer, number, words } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { choice, metricsOf, savingButtons } from "../shared/controls.js";
import { refreshing } from "../shared/refreshing.js";
import { labelOf, textOf } from "../variation.js";
import { draw } from "./drawing.js";

/** Shows the section in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const view = { experiment, answer: null };
  view.metric = choice(t("experiment.learning_curve.measure"), [], () => reader.now());
  view.note = h("p", { class: "plot-note", role: "status" });
  view.body = h("div", { class: "learning-curve" });
  const title = t("experiment.section.learning_curve");
  const saving = savingButtons(title, () => view.body, () => (view.answer?.curves ?? []).flatMap(rowsOf));
  element.append(h("div", { class: "plot-tools" }, view.metric.element, saving), view.body, view.note);
  const read = () => api.learningCurve(experiment.id, view.metric.value() || null);
  const reader = refreshing(experiment, read, (answer) => show(view, answer),
    (message) => setText(view.note, message), { element });
  const redraw = () => drawAll(view);
  addEventListener("resize", redraw);
  const destroy = () => {
    reader.end();
    removeEventListener("resize", redraw);
  };
  return { destroy };
}

function show(view, answer) {
  const key = JSON.stringify(answer);
  if (view.key === key) return;
  Object.assign(view, { answer, key });
  setText(view.note, "");
  view.metric.offer(metricsOf(answer, view.metric.value()).map((name) => [name, words(name)]));
  view.body.replaceChildren(...answer.curves.map((curve) => curveElement(view, curve)));
  drawAll(view);
}

function curveElement({ experiment, answer }, curve) {
  const values = Object.entries(curve.values).map(([path, value]) =>
    t("experiment.value", { field: labelOf(experiment, path), value: textOf(experiment, path, value) }));
  const canvas = h("canvas", { role: "img" });
  return h("article", { class: "learning-curve-one" },
    values.length ? h("h3", { text: values.join(", ") }) : null,
    h("div", { class: "learning-curve-plot" }, canvas),
    h("p", { class: "learning-curve-legend", text: legend(answer, curve) }),
    h("p", { class: "learning-curve-conclusion" }, ...conclusion(curve)),
    table(curve),
  );
}

function drawAll({ body, answer }) {
  if (!answer) return;
  const canvases = [...body.querySelectorAll("canvas")];
  answer.curves.forEach((curve, i) => draw(canvases[i], curve.sizes, description(curve)));
}

const description = ({ sizes }) => [t("experiment.learning_curve.plot"), ...sizes.map(pointText)].join(" ");

function pointText({ samples, train, test }) {
  const errors = { train: text(train.median), test: text(test.median) };
  return t("experiment.learning_curve.point", { samples: integer(samples), ...errors });
}

const text = (value) => (Number.isFinite(value) ? number(value) : DASH);

/** What the lines and bands are, and which seeds the bands show. */
function legend({ seeds, metric, is_complement: isComplement }, { available, sizes }) {
  const which = ["seed", "dataset.train_seed"].filter((path) => seeds.includes(path));
  const shown = { "": "none", seed: "weights", "dataset.train_seed": "examples" }[which.join()] ?? "both";
  return [
    isComplement ? t("experiment.learning_curve.complement", { metric: words(metric) }) : "",
    t("experiment.learning_curve.lines"),
    t(`experiment.learning_curve.bands.${seeds.length && !which.length ? "other" : shown}`),
    sizes.at(-1).samples === available && which.includes("dataset.train_seed")
      ? t("experiment.learning_curve.all", { count: integer(available) }) : "",
  ].filter(Boolean).join(" ");
}

const range = ({ interval }) => (interval
  ? t("experiment.learning_curve.interval", { low: number(interval[0]), high: number(interval[1]) })
  : t("experiment.learning_curve.no_interval"));

/** How far the test error is above the training error, or below it. */
function gapText(gap) {
  if (!gap) return "";
  if (gap.mean >= 0) return t("experiment.learning_curve.gap", { gap: number(gap.mean), interval: range(gap) });
  const [low, high] = (gap.interval ?? []).map((end) => -end).reverse();
  const below = { gap: number(-gap.mean), interval: range({ interval: gap.interval && [low, high] }) };
  return t("experiment.learning_curve.gap_below", below);
}

/** Whether more examples would help, and the numbers that say so. */
function conclusion({ evidence }) {
  if (!evidence) return [t("experiment.learning_curve.waiting")];
  const { smaller, larger, error, slope, gap } = evidence;
  const numbers = {
    smaller: integer(smaller), larger: integer(larger), error: number(error), members: slope.members,
    slope: number(slope.mean), interval: range(slope),
  };
  return [
    h("strong", { text: t(`experiment.learning_curve.conclusion.${evidence.conclusion}`) }), " ",
    t("experiment.learning_curve.slope", numbers), " ",
    gapText(gap),
  ];
}

const rowsOf = ({ values, sizes }) => sizes.map(({ samples, members, diverged, train, test }) => ({
  ...values, train_samples: samples, members: members.length, diverged,
  train_median: train.median, train_quartile_1: train.quartiles?.[0], train_quartile_3: train.quartiles?.[1],
  test_median: test.median, test_quartile_1: test.quartiles?.[0], test_quartile_3: test.quartiles?.[1],
}));

function table({ sizes }) {
  const heads = ["examples", "runs", "train", "test"].map((name) =>
    h("th", { scope: "col", text: t(`experiment.learning_curve.column.${name}`) }));
  const spread = ({ median, quartiles }) => (quartiles ? t("experiment.learning_curve.spread", {
    median: text(median), low: text(quartiles[0]), high: text(quartiles[1]),
  }) : DASH);
  const rows = sizes.map(({ samples, members, train, test }) => h("tr", {},
    h("th", { scope: "row", text: integer(samples) }),
    [integer(members.length), spread(train), spread(test)].map((cell) => h("td", { text: cell }))));
  const label = t("experiment.learning_curve.table");
  return h("div", { class: "learning-curve-table", tabindex: 0, role: "group", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)));
}
