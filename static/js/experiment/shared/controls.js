// Controls of the sections: selects, the measure that members are compared by, and buttons that save and copy.

import { copyText } from "../../core/copying.js";
import { h, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { needsLog } from "../../panels/shared/log-axis.js";
import { saveCsv, saveImage } from "../../panels/shared/saving.js";
import { metricName } from "../metric-names.js";

const SHOWN_FOR = 5000; // ms that it says whether the numbers were copied

/** A select with its label: { element, value(), offer(options) }; `options` are [value, text]. */
export function choice(label, options, change) {
  const select = h("select", { class: "select", on: { change } });
  const offer = (entries) => {
    const chosen = select.value;
    if (!entries.length || entries.length === select.options.length) return;
    select.replaceChildren(...entries.map(([value, text]) => h("option", { value, text })));
    if (entries.some(([value]) => value === chosen)) select.value = chosen;
  };
  offer(options);
  return { element: h("label", { class: "plot-choice" }, label, " ", select), value: () => select.value, offer };
}

/**
 * The measures to offer after an answer: at first the one that it used before the others. None while nothing is
 * measured, because the server then assumes one that the runs may not have.
 */
export const metricsOf = ({ metrics, metric: used }, chosen) =>
  (chosen || !metrics.length ? metrics : [used, ...metrics.filter((name) => name !== used)]);

/** The choice of a loss or metric: { element, value(), show(answer) }; value() is null until something is measured. */
export function metricChoice(change) {
  const metric = choice(t("experiment.measure"), [], change);
  return {
    element: metric.element,
    value: () => metric.value() || null,
    show: (answer) => metric.offer(metricsOf(answer, metric.value()).map((name) => [name, metricName(name)])),
  };
}

/**
 * The choice between a linear and a logarithmic axis, at first whichever shows more of the curves: { element,
 * isLog(curves) }, where `curves` are lists of values, null where there is none.
 */
export const scaleChoice = (label, change) => {
  const options = [["auto", t("experiment.auto")], ["linear", t("experiment.linear")], ["log", t("experiment.log")]];
  const scale = choice(label, options, change);
  const isLog = (curves) => (scale.value() === "auto" ? needsLog(curves) : scale.value() === "log");
  return { element: scale.element, isLog };
};

/** The choice between the last and the best value of a member. */
export const instantChoice = (change) =>
  choice(t("experiment.at"), [["final", t("experiment.at_final")], ["best", t("experiment.at_best")]], change);

/** Buttons that save `element` as an image and `rows()` as CSV, and copy these rows. */
export function savingButtons(title, element, rows) {
  const button = (text, click) => h("button", { type: "button", class: "button small", text, on: { click } });
  const status = h("span", { role: "status", class: "plot-copied" });
  let timer = 0;
  const copy = async () => {
    setText(status, await copyText(tabbed(rows())) ? t("experiment.copied") : t("experiment.not_copied"));
    clearTimeout(timer);
    timer = setTimeout(() => setText(status, ""), SHOWN_FOR);
  };
  return h("div", { class: "plot-saving" },
    button(t("experiment.save_image"), () => saveImage({ section: element(), body: element() }, title)),
    button(t("experiment.save_csv"), () => saveCsv(title, rows())),
    button(t("experiment.copy"), copy), status);
}

const tabbed = (rows) => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))]
    .map((cells) => cells.join("\t")).join("\n");
};
