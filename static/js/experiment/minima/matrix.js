// The matrix of distances or disagreements of all pairs of ends, sorted by minimum. A click chooses a pair.

import { cividis } from "../../core/cividis.js";
import { css, themeColours } from "../../core/colours.js";
import { h, listen, setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { fitCanvas } from "../../panels/shared/panel.js";
import { choice, savingButtons } from "../shared/controls.js";
import { disagreementText, pairOf } from "./words.js";

const STRIP = 12; // pixels at the left and the top for the colours of the minima
const SIDE = 420; // pixels at most

/** The part: { element, show(), draw() }; `choose(first, second)` is called with the runs of a clicked pair. */
export function matrixPart(section, choose) {
  const options = [["weights", t("experiment.minima.weights")], ["disagreement", t("experiment.minima.disagreement")]];
  const shown = choice(t("experiment.minima.shown"), options, () => part.draw());
  const canvas = h("canvas", { role: "img" });
  const box = h("div", { class: "plot-box minima-matrix" }, canvas);
  const scale = h("p", { class: "heat-scale" });
  const saving = savingButtons(t("experiment.minima.matrix"), () => element, () => rowsOf(section));
  const element = h("article", { class: "minima-part" }, h("h3", { text: t("experiment.minima.matrix") }),
    h("div", { class: "plot-tools" }, shown.element), box, scale, saving);
  const part = { element, section, canvas, box, scale, show: () => part.draw(), draw: () => draw(part, shown.value()) };
  follow(section, canvas, part, choose);
  return part;
}

function draw(part, name) {
  const { section, canvas, box, scale } = part;
  const { ends, answer, hovered } = section;
  const side = Math.min(box.clientWidth, SIDE);
  if (!ends.length || side < 80) return;
  box.style.height = `${side}px`;
  fitCanvas(canvas, side, side);
  const [context, colours] = [canvas.getContext("2d"), themeColours()];
  const cell = (side - STRIP) / ends.length;
  part.cell = cell;
  const values = ends.map((first) => ends.map((second) => pairOf(answer.distances, first, second)[name]));
  const high = Math.max(...values.flat().filter((value) => value !== null), 0);
  context.clearRect(0, 0, side, side);
  ends.forEach((end, i) => {
    const place = STRIP + i * cell;
    context.fillStyle = end.run === hovered ? colours.strong : end.colour;
    context.fillRect(0, place, STRIP - 3, cell + 0.5);
    context.fillRect(place, 0, cell + 0.5, STRIP - 3);
    values[i].forEach((value, k) => {
      context.fillStyle = value === null ? colours.faint : css(cividis(high > 0 ? value / high : 0));
      context.fillRect(STRIP + k * cell, place, cell + 0.5, cell + 0.5);
    });
  });
  drawBorders(context, { ends, cell, side, colours });
  setAttribute(canvas, "aria-label", t("experiment.minima.matrix_description", { count: ends.length }));
  showScale(scale, high, name === "weights" ? number : disagreementText(answer));
}

/** Lines between the minima. */
function drawBorders(context, { ends, cell, side, colours }) {
  context.fillStyle = colours.panel;
  ends.forEach((end, i) => {
    if (i === 0 || ends[i - 1].minimum === end.minimum) return;
    const place = Math.round(STRIP + i * cell) - 1;
    context.fillRect(0, place, side, 2);
    context.fillRect(place, 0, 2, side);
  });
}

function showScale(scale, high, text) {
  const stops = Array.from({ length: 9 }, (_, i) => `${css(cividis(i / 8))} ${(i / 8) * 100}%`);
  const bar = h("i", { class: "heat-bar", style: { background: `linear-gradient(90deg, ${stops.join(", ")})` } });
  scale.replaceChildren(text(0), bar, text(high));
}

function follow(section, canvas, part, choose) {
  const { experiment } = section;
  const pairAt = ({ offsetX, offsetY }) => {
    const [row, column] = [offsetY, offsetX].map((place) => Math.floor((place - STRIP) / part.cell));
    return section.ends[row] && section.ends[column] ? [section.ends[row], section.ends[column]] : null;
  };
  const move = (event) => {
    const pair = pairAt(event);
    experiment.hover(pair && pair[0].run);
    if (!pair) return hideTooltip();
    const { weights, disagreement } = pairOf(section.answer.distances, ...pair);
    const values = {
      first: pair[0].name, second: pair[1].name, distance: number(weights),
      disagreement: disagreementText(section.answer)(disagreement),
    };
    return showTooltip(event, t("experiment.minima.pair", values));
  };
  listen(canvas, "pointermove", move);
  listen(canvas, "pointerleave", () => {
    hideTooltip();
    experiment.hover(null);
  });
  listen(canvas, "click", (event) => {
    const pair = pairAt(event);
    if (pair && pair[0] !== pair[1]) choose(pair[0].run, pair[1].run);
  });
}

/** A row for each pair. */
function rowsOf({ ends, answer }) {
  return ends.flatMap((first, i) => ends.slice(i + 1).map((second) => {
    const { weights, disagreement } = pairOf(answer.distances, first, second);
    return {
      run_1: first.run, run_2: second.run, member_1: first.name, member_2: second.name, loss_1: first.loss,
      loss_2: second.loss, distance: weights, disagreement,
    };
  }));
}
