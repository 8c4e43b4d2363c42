// The fields of the form. Group, label, help, slider and scale of a field come from the schema (engine/config/form.py),
// those of a parameter from the catalogue.

import { isLive, nodeAt, resolve } from "./config-changes.js";
import { t } from "../../core/text.js";
import { isOffered, taskOf } from "../problem.js";
import { getPath } from "../../core/store.js";

const ELSEWHERE = "elsewhere"; // the group of fields with controls in another part of the page

/** The groups of the form that have fields for the draft configuration: [{ name, title, fields }]. */
export function formGroups(state) {
  const fields = leaves(state.schema).filter((leaf) => isUsed(leaf, state)).map((leaf) => describe(leaf, state));
  return state.schema.groups
    .map(({ name, title }) => ({ name, title, fields: fields.filter((field) => field.group === name) }))
    .filter(({ fields: members }) => members.length);
}

/** Every field of the schema as { path, node }. An object with its own control is one field. */
function leaves(schema, part = schema, path = "") {
  const node = resolve(schema, part);
  if (path && (!node.properties || node.control)) return [{ path, node }];
  return Object.entries(node.properties)
    .flatMap(([name, inner]) => leaves(schema, inner, path ? `${path}.${name}` : name));
}

/** The catalogue's description of a parameter ({ help, default, minimum, maximum ... }), or null for another field. */
export function parameterOf(path, { schema, catalogue }, config) {
  const [parent, name, list] = ownerOf(path, schema, catalogue);
  const entry = list?.find((candidate) => candidate.name === getPath(config, `${parent}.name`));
  return entry?.parameters?.[name] ?? null;
}

/** The parent of a field, its name, and the list of the catalogue whose entries can have it as a parameter. */
function ownerOf(path, schema, catalogue) {
  const at = path.lastIndexOf(".");
  const [parent, name] = [path.slice(0, at), path.slice(at + 1)];
  return [parent, name, at > 0 && name !== "name" ? catalogue[nodeAt(schema, `${parent}.name`)?.catalogue] : undefined];
}

/** Parameters are shown if the selected entry has them. */
function isUsed({ path, node }, { schema, catalogue, draft }) {
  if (node.group === ELSEWHERE) return false;
  const [, name, list] = ownerOf(path, schema, catalogue);
  const isParameter = list?.some((entry) => entry.parameters && name in entry.parameters);
  return !isParameter || parameterOf(path, { schema, catalogue }, draft) !== null;
}

function describe({ path, node }, state) {
  const parameter = parameterOf(path, state, state.draft) ?? {};
  const value = (key) => parameter[key] ?? node[key];
  return {
    path, group: node.group, more: node.more, control: controlOf(node), label: node.label, help: value("help"),
    nullable: Boolean(node.nullable), optional: node.optional, live: isLive(path, state.livePatterns),
    minimum: value("minimum"), maximum: value("maximum"), slider: value("slider"), scale: value("scale"),
    integer: parameter.integer ?? node.type === "integer", default: value("default") ?? null,
    options: optionsOf(path, node, state), parts: partsOf(path, node, state),
  };
}

function controlOf(node) {
  if (node.control) return node.control;
  if (node.catalogue || valuesOf(node)) return "choice";
  return { boolean: "switch", string: "text" }[node.type] ?? "number";
}

/** The fields of an object with its own control. */
const partsOf = (path, { properties }, state) => Object.entries(properties ?? {})
  .map(([name, part]) => describe({ path: `${path}.${name}`, node: resolve(state.schema, part) }, state));

function optionsOf(path, node, { catalogue, draft }) {
  const list = catalogue[node.catalogue];
  if (!list) return valuesOf(node)?.map((value) => ({ value, title: t(`form.option.${value}`) }));
  const task = taskOf(catalogue, draft);
  const fitting = list.filter((entry) => isOffered(entry, task, getPath(draft, path)))
    .map(({ name, title, help }) => ({ value: name, title, help }));
  const auto = node.default === "auto" || getPath(draft, path) === "auto";
  return auto ? [{ value: "auto", title: t("form.option.auto") }, ...fitting] : fitting;
}

/** The values of an enumeration or of the enumerations among its variants; undefined for other types. */
function valuesOf(node) {
  const valuesOfVariant = ({ enum: all, const: single, type }) =>
    all ?? (single !== undefined ? [single] : type === "boolean" ? [true, false] : []);
  const values = node.enum ?? node.variants?.flatMap(valuesOfVariant) ?? [];
  return values.length ? values : undefined;
}
