// The chosen ranges of the axes as form fields: two numbers, or one of the values.

import { h } from "../../../core/dom.js";
import { number } from "../../../core/formats.js";
import { t } from "../../../core/text.js";

/**
 * The fields: { element, show(ranges) }; `change(path, range)` is called with [low, high] in coordinates of the axis,
 * or null for all of them.
 */
export function createRanges(axes, change) {
  const rows = axes.map((axis) => (axis.isNumber ? numberRow(axis, change) : valueRow(axis, change)));
  const element = h("details", { class: "parallel-ranges" }, h("summary", { text: t("experiment.parallel.ranges") }),
    h("div", { class: "parallel-fields" }, rows.map((row) => row.element)));
  const show = (ranges) => rows.forEach((row, i) => row.show(ranges.get(axes[i].path) ?? null));
  return { element, show };
}

function numberRow({ path, name }, change) {
  const send = () => {
    const [low, high] = inputs.map(({ value }) => (value === "" ? null : Number(value)));
    change(path, low === null && high === null ? null : [low ?? -Infinity, high ?? Infinity]);
  };
  const inputs = ["from", "to"].map((end) => h("input", {
    type: "number", step: "any", class: "number goal-number", "aria-label": t(`experiment.parallel.${end}`, { name }),
    on: { change: send },
  }));
  const element = h("fieldset", { class: "parallel-field" }, h("legend", { text: name }), inputs[0], " – ", inputs[1]);
  const show = (range) => inputs.forEach((input, i) => {
    if (document.activeElement === input) return;
    input.value = range && Number.isFinite(range[i]) ? number(range[i]).replaceAll(",", "") : "";
  });
  return { element, show };
}

function valueRow({ path, name, values }, change) {
  const options = [["", t("experiment.parallel.all")], ...values];
  const send = () => {
    const index = Number(select.value);
    change(path, select.value === "" ? null : [index - 0.5, index + 0.5]);
  };
  const select = h("select", { class: "select", "aria-label": name, on: { change: send } },
    options.map(([value, text]) => h("option", { value, text })));
  const element = h("fieldset", { class: "parallel-field" }, h("legend", { text: name }), select);
  const show = (range) => {
    const inside = range ? values.filter(([index]) => index >= range[0] && index <= range[1]) : [];
    select.value = inside.length === 1 ? String(inside[0][0]) : "";
  };
  return { element, show };
}
