// Values that schema or catalogue do not allow are rejected here, before they are sent. Loaded with the first change.

import { ApiError } from "../../core/api.js";
import { t } from "../../core/text.js";
import { nodeAt } from "./config-changes.js";
import { parameterOf } from "./fields.js";
import { getPath } from "../../core/store.js";

/** The error of the first of these paths whose value is not a number that its field allows, or null. */
export function outOfBounds(paths, config, { schema, catalogue }) {
  for (const path of schema && catalogue ? paths : []) {
    const parameter = path.startsWith("dataset.") ? null : parameterOf(path, { schema, catalogue }, config);
    const message = problemOf(getPath(config, path), nodeAt(schema, path), parameter);
    if (message) return new ApiError(422, { code: "invalid", field: path, message });
  }
  return null;
}

function problemOf(value, { type, minimum, maximum }, parameter) {
  if (value === null || value === undefined || (type !== "number" && type !== "integer")) return null;
  if (typeof value !== "number") return t("form.limit.number");
  if (type === "integer" && !Number.isInteger(value)) return t("form.limit.integer");
  const [low, high] = [minimum ?? parameter?.minimum, maximum ?? parameter?.maximum];
  return value < low ? t("form.limit.minimum", { low }) : value > high ? t("form.limit.maximum", { high }) : null;
}
