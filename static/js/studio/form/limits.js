// What the schema and the catalogue say a number may be, so that a slip of the hand need not go to the server.

import { ApiError } from "../../core/api.js";
import { resolve } from "./config-changes.js";
import { parameterOf } from "./fields.js";
import { getPath } from "../../core/store.js";

/** The refusal of the first of these values that is no such number as its field takes, or null. */
export function outOfBounds(paths, config, { schema, catalogue }) {
  for (const path of schema && catalogue ? paths : []) {
    const message = complaint(getPath(config, path), nodeAt(schema, path), path.startsWith("dataset.") ? null : parameterOf(path, catalogue, config));
    if (message) return new ApiError(422, { code: "invalid", field: path, message });
  }
  return null;
}

const nodeAt = (schema, path) => path.split(".").reduce((node, key) => node && resolve(schema, node.items ?? node.properties?.[key] ?? {}), resolve(schema, schema));

function complaint(value, { type, minimum, maximum }, parameter) {
  if (value === null || value === undefined || (type !== "number" && type !== "integer")) return null;
  if (typeof value !== "number") return "must be a number";
  if (type === "integer" && !Number.isInteger(value)) return "must be a whole number";
  const [least, most] = [minimum ?? parameter?.minimum, maximum ?? parameter?.maximum];
  return value < least ? `must be at least ${least}` : value > most ? `must be at most ${most}` : null;
}
