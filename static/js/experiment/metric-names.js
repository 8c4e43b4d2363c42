// Losses and metrics of a history in words.

import { words } from "../core/formats.js";
import { t } from "../core/text.js";

/** "Test loss" for test_loss. */
export const metricName = (name) => t(`experiment.metric.${name}`, {}, words(name));
