// Names of losses and metrics.

import { t } from "../core/text.js";
import { curveTitle } from "../panels/curves/shown.js";
import { settingLabel, settingText } from "../reference/setting-names.js";

const HIDDEN = /^(name|tags|paradigm|unwatched)$/; // fields that are not listed
const MAX_FIELDS = 2; // beside the name of a run

/** The settings that differ: { label, values, texts }, the latter two one per run. */
export function settingsOf({ differences, schemas, catalogue }) {
  return differences.filter(({ field }) => !HIDDEN.test(field)).map(({ field, values }) => {
    const hasField = (schema) => field.split(".")[0] in schema.properties;
    return {
      label: settingLabel(schemas.find(hasField) ?? schemas[0], field), values,
      texts: values.map((value, i) => settingText({ schema: schemas[i], catalogue }, field, value)),
    };
  });
}

/** "Learning rate 0.003 · Hidden layers 8 tanh": what makes a run different from the others, or "". */
export function aboutRun(comparison, entry) {
  const index = comparison.runs.indexOf(entry);
  const settings = settingsOf(comparison).slice(0, MAX_FIELDS);
  return settings.map(({ label, texts }) => t("compare.setting", { label, value: texts[index] })).join(" · ");
}

/** "Test loss", "Accuracy (training data)" of the name in a history. */
export function scoreName({ catalogue, runs }, name) {
  const [, part, metric] = /^(?:(train|validation|test)_)?(.*?)(?:_(?:mean|std|p10|p90))?$/.exec(name);
  const statistic = /_(mean|std|p10|p90)$/.exec(name)?.[1];
  const title = curveTitle({ catalogue, run: runs[0]?.run }, metric);
  if (statistic) return t(`compare.statistic.${statistic}`, { title });
  return part ? t("reference.part", { title, part: t(`panel.curves.part.${part}`) }) : title;
}
