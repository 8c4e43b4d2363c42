// Names and values of the fields of a configuration as text.

import { number } from "../core/formats.js";
import { t } from "../core/text.js";
import { nodeAt } from "../studio/form/config-changes.js";

/** "Layer 1: Units" for layers.0.units; the label of the form where the field has one. */
export function settingLabel(schema, path) {
  const [, index, field] = /^layers\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (field) return t("reference.layer_field", { index: Number(index) + 1, field: t(`reference.field.${field}`) });
  const otherwise = (schema && nodeAt(schema, path).label) || path.replaceAll(/[._]/g, " ");
  return t(`reference.setting.${path.replaceAll(".", "_")}`, {}, otherwise);
}

/** The value of a field; `state` has the schema and the catalogue, for the titles of what a field names. */
export function settingText(state, path, value) {
  if (path === "layers") return layersText(value);
  if (path === "dataset.train_samples" && value === null) return t("reference.value.all");
  if (path === "dataset.content") return value ? t("reference.value.own_points") : t("reference.value.generated");
  return plainText(value, entryTitle(state, path, value));
}

function plainText(value, title) {
  if (value === null || value === undefined) return t("reference.value.none");
  if (typeof value === "boolean") return value ? t("reference.value.on") : t("reference.value.off");
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : number(value, 6);
  if (Array.isArray(value)) return value.map((part) => plainText(part)).join(", ");
  if (typeof value === "object") return Object.values(value).map((part) => plainText(part)).join(", ");
  return title ?? value;
}

/** "8 tanh, 8 tanh". */
const layersText = (layers) => (layers.length
  ? layers.map(({ units, activation }) => [units, activation].filter(Boolean).join(" ")).join(", ")
  : t("reference.value.no_layers"));

/** The title of a catalogue entry that a field names; undefined for other values. */
function entryTitle({ schema, catalogue }, path, value) {
  const list = schema && catalogue?.[nodeAt(schema, path).catalogue];
  return Array.isArray(list) ? list.find(({ name }) => name === value)?.title : undefined;
}
