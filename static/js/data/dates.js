// What dates become: their order, and the numbers that a network gets of them.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { optionChoice } from "./choices.js";
import { reasonText } from "./sentences.js";

const ORDERS = ["ymd", "dmy", "mdy"].map((order) => [order, t(`data.date_order.${order}`)]);
const NUMBERS = ["year", "day_of_year", "weekday", "hour", "elapsed"];

/** The controls of a table with dates; nothing for others. `change(options)` imports the file again. */
export function dateChoices(answer, options, change) {
  if (!answer.dates) return [];
  const order = optionChoice(t("data.date_order.title"), ORDERS, options.date_order, answer.date_order,
    (value) => change({ date_order: value }), answer.reasons?.date_order);
  return [order, numberChoice(answer, options, change)];
}

/** One check box for each number; without any, dates are left out. */
function numberChoice({ dates, reasons }, options, change) {
  const toggle = (name) => () => {
    const asked = options.dates ?? dates; // of a change whose answer is still on its way
    const next = NUMBERS.filter((other) => asked.includes(other) !== (other === name));
    change({ dates: next.length ? next : ["none"] });
  };
  const box = (name) => h("label", { class: "data-check" },
    h("input", {
      type: "checkbox", checked: dates.includes(name), "aria-label": t(`data.dates.${name}`),
      on: { change: toggle(name) },
    }), t(`data.dates.${name}`));
  return h("fieldset", { class: "data-choice data-dates" },
    h("legend", { text: t("data.dates.title") }), NUMBERS.map(box), reasonText(reasons?.dates));
}
