// Names of the layers of a network.

import { t } from "../../core/text.js";

/** "layer 1", ..., "output" of a network of `count` layers. */
export const layerName = (index, count) =>
  index === count - 1 ? t("panel.shared.weight.output") : t("panel.shared.weight.layer", { index: index + 1 });
