// The selects of layer, unit and source of one weight.

import { h, setProperty } from "../../core/dom.js";
import { t } from "../../core/text.js";

/** Returns {element, show(visible, options, limits)} for the weight whose option names end with `suffix`. */
export function weightFields(suffix, label, set) {
  const select = (name, text, reset) =>
    h("select", {
      class: "select small",
      "aria-label": `${label}: ${text}`,
      on: { change: ({ target }) => set({ [`${name}${suffix}`]: Number(target.value), ...reset }) },
    });
  const otherLayer = { [`unit${suffix}`]: 0, [`source${suffix}`]: 0 };
  const layer = select("layer", t("panel.loss_landscape.layer"), otherLayer);
  const unit = select("unit", t("panel.loss_landscape.unit"));
  const source = select("source", t("panel.loss_landscape.source"));
  const element = h("div", { class: "weight-fields", role: "group", "aria-label": label }, layer, unit, source);
  const show = (visible, options, { units, sources }) => {
    setProperty(element, "hidden", !visible);
    if (!visible) return;
    const index = options[`layer${suffix}`];
    setOptions(layer, layerOptions(units.length), index);
    setOptions(unit, unitOptions(units[index]), options[`unit${suffix}`]);
    setOptions(source, sourceOptions(sources[index]), options[`source${suffix}`]);
  };
  return { element, show };
}

function layerOptions(count) {
  const name = (index) =>
    index === count - 1 ? t("panel.shared.weight.output") : t("panel.shared.weight.layer", { index: index + 1 });
  return Array.from({ length: count }, (_, index) => [index, name(index)]);
}

function unitOptions(count) {
  return Array.from({ length: count }, (_, i) => [i, t("panel.shared.weight.unit", { index: i + 1 })]);
}

function sourceOptions(count) {
  const sources = Array.from({ length: count }, (_, i) => [i, t("panel.shared.weight.from", { index: i + 1 })]);
  return [[-1, t("panel.shared.weight.bias")], ...sources];
}

function setOptions(select, options, selected) {
  const key = options.map(([, text]) => text).join();
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...options.map(([value, text]) => h("option", { value, text })));
  }
  select.value = selected;
}
