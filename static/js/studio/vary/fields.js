// The fields of the configuration that an experiment can vary.

import { getPath } from "../../core/store.js";
import { t } from "../../core/text.js";
import { formGroups } from "../form/fields.js";
import { EXAMPLES, suggestionFor } from "./suggestion.js";

/** The fields that can be varied: { path, label, suggestion }. */
export function variedFields(state) {
  const { draft } = state;
  const layers = { path: "layers", label: t("vary.layers") };
  const all = [...formGroups(state).flatMap(({ fields }) => fields), layers];
  return all.map((field) => ({
    ...field,
    label: field.path === EXAMPLES ? t("vary.learning_curve") : field.label,
    suggestion: suggestionFor(field, getPath(draft, field.path), state),
  })).filter(({ suggestion }) => suggestion);
}
