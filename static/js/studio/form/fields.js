// Which fields the form has: read from the schema and the catalogue, grouped by the question they answer.
// A field of the schema that no group names still appears, under "Details".

import { resolve } from "./config-changes.js";
import { words } from "../../core/formats.js";
import { applies, sourceOf, taskOf } from "../problem.js";
import { getPath } from "../../core/store.js";

/** Where known fields go; the rest of the form follows from what the server says exists. */
export const GROUPS = [
  { name: "Data", fields: ["dataset.name", "dataset.noise", "dataset.samples", "dataset.test_fraction"],
    more: ["dataset.classes", "dataset.validation_fraction", "dataset.standardize", "dataset.seed"] },
  { name: "World", fields: ["environment.name", "environment.*"], more: [] },
  { name: "Episodes", fields: ["episodes", "beginnings", "discount", "entropy_bonus", "baseline"], more: ["normalize_advantages"] },
  { name: "Features", fields: ["features"], more: [] },
  { name: "Disturbance", fields: ["corruption.noise", "corruption.missing", "corruption.pattern"], more: [] },
  { name: "Learning", fields: ["optimizer.name", "optimizer.learning_rate", "optimizer.schedule.name", "batch_size", "l1", "l2"],
    more: ["loss.name", "loss.delta", "optimizer.*", "optimizer.schedule.*", "initializer.name", "initializer.*"] },
  { name: "Stopping", fields: ["epochs", "early_stopping"], more: [] },
  { name: "Details", fields: [], more: ["name", "dtype", "seed"] },
];

/** Fields that live elsewhere on the page: the network panel has the layers, the bar the kind of problem and thereby the paradigm. */
const ELSEWHERE = ["layers", "output_activation", "paradigm", "dataset.content"];

/** Which catalogue list names the choices of a field. */
const CHOICES = { "dataset.name": "datasets", "environment.name": "environments", "optimizer.name": "optimizers", "optimizer.schedule.name": "schedules",
  "loss.name": "losses", "initializer.name": "initializers" };

/** The names of parameters an entry of the catalogue takes, each under the path of its parent. */
const PARAMETERS = { optimizer: "optimizers", "optimizer.schedule": "schedules", loss: "losses", initializer: "initializers", dataset: "datasets", environment: "environments" };

/** Every leaf of the schema as {path, node}, without what is shown elsewhere. */
export function leaves(schema, node = schema, prefix = "") {
  const { properties, type } = resolve(schema, node);
  if (!properties || prefix === "early_stopping") return prefix ? [{ path: prefix, node: resolve(schema, node), type }] : [];
  return Object.entries(properties)
    .map(([name, part]) => [prefix ? `${prefix}.${name}` : name, part])
    .filter(([path]) => !ELSEWHERE.includes(path))
    .flatMap(([path, part]) => leaves(schema, part, path));
}

/** The form's groups for a configuration: [{name, fields: [field], more: [field]}]. */
export function formGroups(schema, catalogue, config) {
  const shown = leaves(schema).filter(({ path }) => isTaken(path, catalogue, config));
  const left = new Map(shown.map((leaf) => [leaf.path, leaf]));
  const take = (pattern) => {
    const paths = pattern.endsWith(".*") ? [...left.keys()].filter((path) => within(path, pattern)) : [pattern];
    const fields = paths.filter((path) => left.has(path)).map((path) => describe(left.get(path), schema, catalogue, config));
    paths.forEach((path) => left.delete(path));
    return fields;
  };
  const groups = GROUPS.map(({ name, fields, more }) => ({ name, fields: fields.flatMap(take), moreNames: more }))
    .map(({ name, fields, moreNames }) => ({ name, fields, more: moreNames.flatMap(take) }));
  groups.at(-1).more.push(...[...left.values()].map((leaf) => describe(leaf, schema, catalogue, config)));
  return groups;
}

const within = (path, pattern) => path.startsWith(pattern.slice(0, -1)) && !path.slice(pattern.length - 1).includes(".");

/** The catalogue's description of a parameter ({help, default, minimum, maximum, integer}), if it has one. */
export function parameterOf(path, catalogue, config) {
  const parent = path.split(".").slice(0, -1).join(".");
  const list = catalogue[PARAMETERS[parent]];
  const chosen = list?.find((entry) => entry.name === getPath(config, `${parent}.name`));
  return chosen?.parameters?.[path.split(".").at(-1)] ?? null;
}

/** A parameter that only some entries take is shown with those entries only; nobody chooses among the pixels of a picture or the steps of a series. */
function isTaken(path, catalogue, config) {
  if (path === "features") {
    const source = sourceOf(catalogue, config);
    return !source?.image && !source?.series;
  }
  const parent = path.split(".").slice(0, -1).join(".");
  const list = catalogue[PARAMETERS[parent]];
  const name = path.split(".").at(-1);
  if (!list || name === "name" || !list.some((entry) => entry.parameters && name in entry.parameters)) return true;
  return parameterOf(path, catalogue, config) !== null;
}

function describe({ path, node }, schema, catalogue, config) {
  const parameter = parameterOf(path, catalogue, config) ?? {};
  const field = {
    path, kind: kindOf(path, node), label: labelOf(path, node),
    help: parameter.help ?? node.description ?? "", nullable: Boolean(node.nullable),
    minimum: parameter.minimum ?? lowest(node), maximum: parameter.maximum ?? node.maximum ?? node.exclusiveMaximum,
    integer: parameter.integer ?? (node.type === "integer"), default: parameter.default ?? node.default ?? null,
  };
  return { ...field, ...choices(path, node, catalogue, config) };
}

const LABELS = { name: "Run name", "corruption.noise": "Noise added", "corruption.missing": "Share lost", "corruption.pattern": "Lost as", "environment.name": "World", normalize_advantages: "Normalise", entropy_bonus: "Entropy bonus", "dataset.name": "Data set", "dataset.test_fraction": "Test share", "dataset.validation_fraction": "Validation share",
  "dataset.seed": "Data seed", seed: "Weight seed", l1: "L1", l2: "L2", dtype: "Precision", "dataset.standardize": "Standardise",
  "loss.delta": "Huber delta", "initializer.bias": "First bias", "initializer.scale": "Scale", "optimizer.clip_norm": "Clip norm",
  "optimizer.schedule.name": "Schedule", "optimizer.beta_1": "Beta 1", "optimizer.beta_2": "Beta 2" };

/** What the form calls a field: its label, or one made of its name. */
export function labelOf(path, node = {}) {
  const name = path.split(".").at(-1);
  return LABELS[path] ?? node.label ?? words(name === "name" ? path.split(".").at(-2) : name);
}

const lowest = (node) => node.minimum ?? node.exclusiveMinimum;

function kindOf(path, node) {
  if (path === "dataset.name") return "dataset";
  if (path === "features") return "features";
  if (path === "early_stopping") return "early_stopping";
  if (path in CHOICES || node.enum || node.kinds?.some((kind) => kind.enum || kind.type === "boolean")) return "choice";
  if (node.type === "boolean") return "switch";
  return node.type === "string" ? "text" : "number";
}

function choices(path, node, catalogue, config) {
  const list = catalogue[CHOICES[path]];
  if (list) {
    const task = taskOf(catalogue, config);
    const fitting = list.filter((entry) => applies(entry, task));
    const automatic = node.default === "auto" || getPath(config, path) === "auto" || path === "loss.name" || path === "initializer.name";
    return { options: [...(automatic ? [{ value: "auto", title: "auto" }] : []), ...fitting.map((entry) => ({ value: entry.name, title: entry.title, help: entry.help }))] };
  }
  const values = node.enum ?? node.kinds?.flatMap((kind) => kind.enum ?? (kind.const !== undefined ? [kind.const] : kind.type === "boolean" ? [true, false] : []));
  const named = { true: "yes", false: "no" };
  return values?.length ? { options: values.map((value) => ({ value, title: named[value] ?? String(value) })) } : {};
}
