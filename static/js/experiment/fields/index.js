// The fields in which the members differ: a heat map of two of them, and a table of the members.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { instantChoice, metricChoice, savingButtons } from "../shared/controls.js";
import { refreshing } from "../shared/refreshing.js";
import { heatMap, heatMapFields } from "./heat-map.js";
import { createTable } from "./member-table.js";

/** Shows the fields in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const metric = metricChoice(() => reader.now());
  const at = instantChoice(() => reader.now());
  const note = h("p", { class: "plot-note", role: "status" });
  const map = h("div", { class: "fields-map" });
  const table = createTable(experiment);
  const saving = savingButtons(t("experiment.section.fields"), () => element, table.rows);
  element.append(h("div", { class: "plot-tools" }, metric.element, at.element, saving), map, note, table.element);
  const show = (answer) => {
    metric.show(answer);
    table.show(answer);
    const fields = heatMapFields(experiment);
    map.replaceChildren(...(fields ? heatMap(experiment, answer, fields) : []));
    setText(note, answer.members.some(({ value }) => value !== null) ? "" : t("experiment.no_values"));
  };
  const read = () => api.experimentSummary(experiment.id, { metric: metric.value(), at: at.value() });
  const reader = refreshing(experiment, read, show, (message) => setText(note, message));
  const ends = [reader.end, experiment.subscribe(() => table.emphasise(experiment.hovered))];
  return { destroy: () => ends.forEach((end) => end()) };
}
