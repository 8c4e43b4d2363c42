// Names of the axes of a landscape.

import { t } from "../../core/text.js";
import { layerName } from "../shared/layer-names.js";

/** A weight of a network of `layers` layers: its layer, unit and source, or its bias. */
export function weightName({ layer, unit, source }, layers) {
  const values = { layer: layerName(layer, layers), unit: unit + 1, source: source + 1 };
  return source < 0 ? t("panel.loss_landscape.axis.bias", values) : t("panel.loss_landscape.axis.source", values);
}

/** The names of both axes of a plane. */
export function axisNames({ landscape: kind, axes, axes_parameters: parameters, layers }) {
  if (kind === "weights") return parameters.map((weight) => weightName(weight, layers));
  return axes.map((_, i) => t(`panel.loss_landscape.axis.${kind}`, { index: i + 1 }));
}
