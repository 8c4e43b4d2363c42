// Text helpers of the trace: names of layers and catalogue entries, and values.

import { h } from "../../core/dom.js";
import { DASH } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { digits } from "../shared/formulas.js";

const MAX_VALUES = 8;

export const paragraph = (text) => h("p", { text });

/** "Hidden layer 1", "Output layer". */
export const layerName = ({ layers }, index) =>
  index === layers.length - 1
    ? t("panel.sample_trace.output_layer")
    : t("panel.sample_trace.hidden_layer", { index: index + 1 });

/** The title of an entry of a list of the catalogue, else its name. */
export const titleOf = (catalogue, list, name) =>
  catalogue?.[list]?.find((entry) => entry.name === name)?.title ?? name;

/** The first `max` items separated by commas, and how many more there are. */
export function list(items, max) {
  const values = items.slice(0, max).join(", ");
  return items.length > max ? t("panel.sample_trace.more", { values, count: items.length - max }) : values;
}

/** A target or a prediction as text: number, class, labels or the values of a row; a dash for no prediction. */
export function valueText(value) {
  if (value === null) return DASH;
  if (typeof value === "number") return digits(value);
  if (!Array.isArray(value)) return String(value);
  if (typeof value[0] === "number") return list(value.map(digits), MAX_VALUES);
  return value.join(" + ") || t("panel.shared.no_label");
}
