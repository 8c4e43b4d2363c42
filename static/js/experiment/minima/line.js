// The loss along the straight line between two ends, with and without aligned units.

import { api } from "../../core/api.js";
import { themeColours } from "../../core/colours.js";
import { h, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { line } from "../../panels/shared/chart.js";
import { savingButtons, scaleChoice } from "../shared/controls.js";
import { axisOf, plot } from "../shared/plot.js";

/** The part: { element, show(), draw(), choose(first, second) }. */
export function linePart(section) {
  const part = { section, answer: null, newest: 0 };
  const select = () => h("select", { class: "select", on: { change: () => choose(part) } });
  part.selects = [select(), select()];
  part.scale = scaleChoice(t("experiment.scale"), () => part.draw());
  part.canvas = h("canvas", { role: "img" });
  part.note = h("p", { class: "plot-note", role: "status", text: t("experiment.minima.reading") });
  const labels = [t("experiment.minima.from"), t("experiment.minima.to")].map((label, i) =>
    h("label", { class: "plot-choice" }, label, " ", part.selects[i]));
  const saving = savingButtons(t("experiment.minima.line"), () => part.element, () => rowsOf(part.answer));
  part.element = h("article", { class: "minima-part" }, h("h3", { text: t("experiment.minima.line") }),
    h("div", { class: "plot-tools" }, labels, part.scale.element),
    h("div", { class: "plot-box minima-plot" }, part.canvas), part.note, saving);
  part.draw = () => draw(part);
  part.show = () => show(part);
  part.choose = (...runs) => {
    part.selects.forEach((each, i) => { each.value = runs[i]; });
    choose(part);
  };
  return part;
}

/** Offers the ends, at first one of the first minimum and one of the last, and reads the line of the chosen two. */
function show(part) {
  const { ends } = part.section;
  const before = part.selects.map((select) => select.value);
  const last = ends.find(({ minimum }) => minimum > 0 && minimum === ends.at(-1).minimum) ?? ends[1];
  const first = [ends[0].run, last.run];
  part.selects.forEach((select, i) => {
    select.replaceChildren(...ends.map(({ run, name, loss }) =>
      h("option", { value: run, text: t("experiment.minima.end", { name, loss: number(loss) }) })));
    select.value = ends.some(({ run }) => run === before[i]) ? before[i] : first[i];
  });
  request(part);
}

function choose(part) {
  setText(part.note, t("experiment.minima.reading"));
  request(part);
}

async function request(part) {
  const runs = part.selects.map((select) => select.value);
  const newest = ++part.newest;
  if (runs[0] === runs[1]) {
    part.answer = null;
    draw(part);
    return setText(part.note, t("experiment.minima.same"));
  }
  const answer = await api.experimentLine(part.section.experiment.id, runs.join()).catch((error) => error);
  if (newest !== part.newest) return;
  part.answer = answer instanceof Error ? null : answer;
  setText(part.note, part.answer ? noteOf(answer) : answer.message);
  draw(part);
}

const noteOf = ({ distance, unaligned_distance: unaligned, samples }) =>
  t("experiment.minima.line_note", { distance: number(distance), unaligned: number(unaligned), samples });

function draw({ canvas, answer, scale }) {
  const context = canvas.getContext("2d");
  if (!answer) return context.clearRect(0, 0, canvas.width, canvas.height);
  const { values, loss, unaligned } = answer;
  const log = scale.isLog([loss, unaligned]);
  const colours = themeColours();
  const inside = (list) => list.map((value) => (value === null || (log && value <= 0) ? NaN : value));
  plot(canvas, {
    x: { low: 0, high: 1, name: t("experiment.minima.share") },
    y: axisOf([...loss, ...unaligned], log, t("experiment.minima.loss")),
    label: t("experiment.minima.line_description", {
      first: number(loss[0]), second: number(loss.at(-1)), highest: number(Math.max(...loss)),
      unaligned: number(Math.max(...unaligned)),
    }),
    marks: (_, toX, toY) => {
      line(context, values, inside(unaligned), toX, toY, { colour: colours.muted, width: 1.5, dash: [5, 4] });
      line(context, values, inside(loss), toX, toY, { colour: colours.strong, width: 2.5 });
    },
  });
}

const rowsOf = (answer) => (answer?.values ?? []).map((share, i) =>
  ({ share, loss: answer.loss[i], unaligned: answer.unaligned[i] }));
