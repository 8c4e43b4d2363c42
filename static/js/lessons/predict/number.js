// A prediction that is a number, compared with a value of the history or of a view of the run.

import { api } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { measuredInHistory, valueAt } from "../measures.js";

const CLOSE = 1e-9; // differences of rounding

/** A field; `value()` is the number, or null. */
export function input({ question }) {
  const field = h("input", { type: "number", step: "any", required: true, class: "number", "aria-label": question });
  return { element: h("p", {}, field), value: () => (field.value === "" ? null : Number(field.value)) };
}

/** The predicted number beside the measured one. */
export function result({ measure, tolerance }, prediction) {
  const measured = h("p", { class: "predict-measured", hidden: true });
  const element = h("div", {},
    h("p", { text: t("lessons.predict.you_predicted", { value: number(prediction, 4) }) }), measured);
  async function end(state) {
    const value = await valueOf(measure, state);
    measured.hidden = false;
    measured.textContent = value === null ? t("lessons.predict.not_reached", { step: state.run.step })
      : isClose(prediction, value, tolerance) ? t("lessons.predict.close", { value: number(value, 4) })
        : t("lessons.predict.measured", { value: number(value, 4) });
  }
  return { element, update: () => {}, end };
}

const isClose = (prediction, value, tolerance) =>
  Math.abs(prediction - value) <= Math.max(tolerance * Math.abs(value), CLOSE);

/** The measured value; null if it was not reached. */
async function valueOf(measure, state) {
  if (measure.history) return measuredInHistory(measure, state.history);
  return valueAt(await api.view(state.run.id, measure.view, measure.options), measure.path);
}
