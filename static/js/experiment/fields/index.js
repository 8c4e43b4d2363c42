// The fields in which the members differ: a heat map of two of them, parallel coordinates of more, and a table.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { instantChoice, metricChoice, savingButtons, scaleChoice } from "../shared/controls.js";
import { refreshing } from "../shared/refreshing.js";
import { heatMap, heatMapFields } from "./heat-map.js";
import { createTable } from "./member-table.js";
import { createParallel, hasParallel } from "./parallel/index.js";

/** Shows the fields in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const section = { experiment, answer: null, table: createTable(experiment) };
  section.metric = metricChoice(() => reader.now());
  section.at = instantChoice(() => reader.now());
  section.scale = scaleChoice(t("experiment.scale"), () => redraw(section));
  section.note = h("p", { class: "plot-note", role: "status" });
  section.map = h("div", { class: "fields-map" });
  section.parallel = hasParallel(experiment) ? createParallel(experiment, () => showTable(section)) : null;
  const { metric, at, scale, note, map, parallel, table } = section;
  const saving = savingButtons(t("experiment.section.fields"), () => element, table.rows);
  const tools = [metric.element, at.element, parallel || heatMapFields(experiment) ? scale.element : null, saving];
  element.append(h("div", { class: "plot-tools" }, tools), map, parallel?.element ?? "", note, table.element);
  const read = () => api.experimentSummary(experiment.id, { metric: metric.value(), at: at.value() });
  const reader = refreshing(experiment, read, (answer) => show(section, answer),
    (message) => setText(note, message), { element });
  const resize = () => redraw(section);
  addEventListener("resize", resize);
  const ends = [reader.end, experiment.subscribe(() => followHovered(section)), () => parallel?.destroy(),
    () => removeEventListener("resize", resize)];
  return { destroy: () => ends.forEach((end) => end()) };
}

function show(section, answer) {
  section.answer = answer;
  section.metric.show(answer);
  showTable(section);
  redraw(section);
  setText(section.note, answer.members.some(({ value }) => value !== null) ? "" : t("experiment.no_values"));
}

/** The heat map and the parallel coordinates, on the scale of the measure. */
function redraw({ experiment, answer, scale, map, parallel }) {
  if (!answer) return;
  const isLog = scale.isLog(answer.members.map(({ value }) => [value]));
  const fields = heatMapFields(experiment);
  map.replaceChildren(...(fields ? heatMap(experiment, answer, fields, isLog) : []));
  parallel?.show(answer, isLog);
}

/** The table lists the chosen members. */
const showTable = ({ table, answer, parallel }) => answer && table.show(answer, parallel?.chosen() ?? null);

function followHovered(section) {
  const { experiment, table, parallel } = section;
  if (section.hovered === experiment.hovered) return;
  section.hovered = experiment.hovered;
  table.emphasise(experiment.hovered);
  parallel?.emphasise();
}
