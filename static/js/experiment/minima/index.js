// The minima: where the members ended, how different these ends are, and the loss between and around them.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { refreshing } from "../shared/refreshing.js";
import { linePart } from "./line.js";
import { mapPart } from "./map.js";
import { matrixPart } from "./matrix.js";
import { endsOf } from "./ends.js";
import { clusterTable, headline } from "./words.js";

/** Shows the minima in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const section = { experiment, answer: null, ends: [], hovered: null };
  section.words = h("p", { class: "minima-headline" });
  section.table = h("div", {});
  section.note = h("p", { class: "plot-note", role: "status", text: t("experiment.minima.reading") });
  const line = linePart(section);
  section.parts = [matrixPart(section, line.choose), line, mapPart(section)];
  section.box = h("div", { class: "minima-parts", hidden: true }, section.parts.map((part) => part.element));
  element.append(section.words, section.table, section.note, section.box);
  const reader = refreshing(experiment, () => api.experimentSummary(experiment.id, { distances: true }),
    (answer) => show(section, answer), (message) => setText(section.note, message), { element });
  const redraw = () => section.parts.forEach((part) => part.draw());
  addEventListener("resize", redraw);
  const ends = [reader.end, experiment.subscribe(() => followHovered(section)),
    () => removeEventListener("resize", redraw)];
  return { destroy: () => ends.forEach((end) => end()) };
}

function show(section, answer) {
  const key = JSON.stringify([answer.minima, answer.distances]);
  if (section.key === key) return;
  Object.assign(section, { key, answer, ends: endsOf(section.experiment, answer) });
  setText(section.words, answer.minima.length ? headline(answer) : "");
  section.table.replaceChildren(...(answer.distances ? [clusterTable(section)] : []));
  setText(section.note, noteOf(answer));
  section.box.hidden = !answer.distances;
  if (answer.distances) section.parts.forEach((part) => part.show());
}

function noteOf({ distances }) {
  if (!distances) return t("experiment.minima.none");
  const kind = distances.measure === "share" ? "share" : "numbers";
  const parts = [t("experiment.minima.explain"), kind === "share"
    ? t("experiment.minima.explain_share", { samples: distances.samples })
    : t("experiment.minima.explain_numbers", { samples: distances.samples })];
  if (!distances.has_same_data) parts.push(t("experiment.minima.other_data"));
  if (distances.left_out) parts.push(t("experiment.minima.left_out", { count: distances.left_out }));
  return parts.join(" ");
}

function followHovered(section) {
  if (section.hovered === section.experiment.hovered) return;
  section.hovered = section.experiment.hovered;
  if (section.answer?.distances) section.parts.forEach((part) => part.draw());
}
