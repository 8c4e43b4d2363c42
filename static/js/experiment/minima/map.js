// The map: the loss over the plane of all ends, with a dot for each of them.

import { api } from "../../core/api.js";
import { cividis } from "../../core/cividis.js";
import { css, pack, table } from "../../core/colours.js";
import { h, listen, setText } from "../../core/dom.js";
import { number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { hideTooltip, showTooltip } from "../../core/tooltip.js";
import { lossScale } from "../../panels/loss_landscape/scale.js";
import { dot } from "../../panels/shared/chart.js";
import { savingButtons } from "../shared/controls.js";
import { plot } from "../shared/plot.js";

const REACH = 10; // pixels
const NOTHING = pack([128, 128, 128]); // where the loss is not finite

/** The part: { element, show(), draw() }. */
export function mapPart(section) {
  const part = { section, answer: null, newest: 0, dots: [] };
  part.canvas = h("canvas", { role: "img" });
  part.note = h("p", { class: "plot-note", role: "status", text: t("experiment.minima.reading") });
  part.scale = h("p", { class: "heat-scale" });
  const saving = savingButtons(t("experiment.minima.map"), () => part.element, () => part.answer?.ends ?? []);
  part.box = h("div", { class: "plot-box minima-plot" }, part.canvas);
  part.element = h("article", { class: "minima-part" }, h("h3", { text: t("experiment.minima.map") }),
    part.box, part.scale, part.note, saving);
  part.draw = () => draw(part);
  part.show = () => request(part);
  follow(part);
  return part;
}

async function request(part) {
  const newest = ++part.newest;
  const answer = await api.experimentMap(part.section.experiment.id).catch((error) => error);
  if (newest !== part.newest) return;
  part.answer = answer instanceof Error || answer.missing ? null : answer;
  if (part.answer) part.picture = pictureOf(answer);
  part.box.hidden = part.scale.hidden = !part.answer;
  setText(part.note, answer instanceof Error ? answer.message : noteOf(answer));
  draw(part);
}

function noteOf({ missing, explained, samples }) {
  if (missing) return t(`experiment.minima.map_missing.${missing}`);
  return t("experiment.minima.map_note", { share: percent(explained[0] + explained[1]), samples });
}

/** The losses as pixels, the lowest row at the bottom, with their scale. */
function pictureOf({ loss }) {
  const scale = lossScale(Float64Array.from(loss.flat(), (value) => value ?? NaN));
  const colours = table(cividis);
  const [rows, columns] = [loss.length, loss[0].length];
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  loss.forEach((row, i) => row.forEach((value, k) => {
    const at = (rows - 1 - i) * columns + k;
    pixels[at] = value === null ? NOTHING : colours[Math.round(scale.fractionOf(value) * (colours.length - 1))];
  }));
  const canvas = h("canvas", { width: columns, height: rows });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return { canvas, scale };
}

function draw(part) {
  const { canvas, answer, picture, section } = part;
  if (!answer) return canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  const { x, y, explained, ends } = answer;
  const colourOf = new Map(section.ends.map(({ run, colour }) => [run, colour]));
  const direction = (axis) => t("experiment.minima.direction", { axis: axis + 1, share: percent(explained[axis]) });
  part.dots = [];
  plot(canvas, {
    x: { low: x[0], high: x.at(-1), name: direction(0) },
    y: { low: y[0], high: y.at(-1), name: direction(1) },
    label: t("experiment.minima.map_description", { count: ends.length, share: percent(explained[0] + explained[1]) }),
    marks: (context, toX, toY, area, colours) => {
      context.drawImage(picture.canvas, area.x, area.y, area.width, area.height);
      for (const end of ends) {
        const place = { ...end, left: toX(end.x), top: toY(end.y) };
        part.dots.push(place);
        const radius = end.run === section.hovered ? 8 : 5;
        dot(context, place.left, place.top, radius, colourOf.get(end.run) ?? colours.muted, "#fff");
      }
    },
  });
  showScale(part.scale, picture.scale);
}

function showScale(element, { low, high, lossAt }) {
  const stops = Array.from({ length: 9 }, (_, i) => `${css(cividis(i / 8))} ${(i / 8) * 100}%`);
  const bar = h("i", { class: "heat-bar", style: { background: `linear-gradient(90deg, ${stops.join(", ")})` } });
  const text = t("experiment.minima.scale", { middle: number(lossAt(0.5)) });
  element.replaceChildren(number(low), bar, number(high), h("span", { text }));
}

function follow(part) {
  const { canvas, section } = part;
  const far = ({ left, top }, event) => Math.hypot(left - event.offsetX, top - event.offsetY);
  const nearest = (event) => part.dots.reduce((best, each) =>
    (far(each, event) < (best ? far(best, event) : REACH) ? each : best), null);
  listen(canvas, "pointermove", (event) => {
    const found = nearest(event);
    section.experiment.hover(found?.run ?? null);
    if (!found) return hideTooltip();
    const name = section.ends.find(({ run }) => run === found.run)?.name ?? found.run;
    const values = { name, loss: number(found.loss), beside: number(found.beside) };
    return showTooltip(event, t("experiment.minima.dot", values));
  });
  listen(canvas, "pointerleave", () => {
    hideTooltip();
    section.experiment.hover(null);
  });
  listen(canvas, "click", (event) => {
    const found = nearest(event);
    if (found) section.experiment.open(found.run);
  });
}
