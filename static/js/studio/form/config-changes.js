// The configuration after a change of one field, and the changes that apply without a restart. Pure functions.

import { getPath, setPath } from "../../core/store.js";
import { defaultConfig } from "../sharing.js";

/** Patterns of the paths that the schema marks as live, such as "layers.*.dropout". */
export function livePatterns(schema, node = schema, prefix = "") {
  const { live, properties, items } = resolve(schema, node);
  if (live && prefix) return [prefix];
  const inner = Object.entries(properties ?? {})
    .flatMap(([name, part]) => livePatterns(schema, part, prefix ? `${prefix}.${name}` : name));
  return items ? [...inner, ...livePatterns(schema, items, `${prefix}.*`)] : inner;
}

/** A node of the schema with its $ref resolved; of a node that can be null, the other variant with `nullable`. */
export function resolve(schema, node) {
  const { $ref, anyOf, allOf, ...own } = node;
  if ($ref) return { ...resolve(schema, schema.$defs[$ref.split("/").at(-1)]), ...own };
  if (allOf) return { ...resolve(schema, allOf[0]), ...own };
  if (!anyOf) return node;
  const variants = anyOf.map((variant) => resolve(schema, variant));
  const main = variants.find((variant) => variant.type !== "null") ?? variants[0];
  return { ...main, ...own, variants, nullable: variants.some((variant) => variant.type === "null") };
}

/** The node of the schema at a dotted path; {} where there is none. */
export const nodeAt = (schema, path) => path.split(".").reduce(
  (node, key) => resolve(schema, node.items ?? node.properties?.[key] ?? {}), resolve(schema, schema));

export function isLive(path, patterns) {
  const generalPath = path.replace(/\.\d+(?=\.|$)/g, ".*");
  return patterns.some((pattern) => generalPath === pattern || generalPath.startsWith(`${pattern}.`));
}

/** The PATCH body of changed paths, nested like the configuration; an unchanged layer is {}. */
export function patchBody(paths, draft, patterns) {
  let body = {};
  for (const path of paths) {
    const generalPath = path.replace(/\.\d+(?=\.|$)/g, ".*");
    const pattern = patterns.find((candidate) => generalPath === candidate || generalPath.startsWith(`${candidate}.`));
    const top = path.split(".").slice(0, pattern.split(".").length).join(".");
    if (top.startsWith("layers.") && !body.layers) body = { ...body, layers: draft.layers.map(() => ({})) };
    body = setPath(body, top, getPath(draft, top));
  }
  return body;
}

/** The configuration with one field set, and the fields that depend on it reset (features of another data set ...). */
export function withChange(config, path, value, catalogue) {
  // Drawn points were added to generated ones, so that a change of the generated ones discards them.
  const isOwn = catalogue.datasets.find((set) => set.name === config.dataset?.name)?.own;
  const generates = path.startsWith("dataset.") && !isOwn;
  const next = setPath(generates ? setPath(config, "dataset.content", null) : config, path, value);
  if (path === "dataset.name") return followDataset(next, config, value, catalogue);
  if (path === "environment.name") return followEnvironment(next, value, catalogue);
  if (path === "optimizer.name") return followOptimizer(next, config.optimizer, catalogue);
  if (path === "optimizer.schedule.name") return setPath(next, "optimizer.schedule", { name: value });
  if (path === "loss.name") return setPath(next, "loss", { name: value, delta: null });
  if (path === "initializer.name") return setPath(next, "initializer.scale", null);
  if (/^layers\.\d+\.activation$/.test(path)) return setPath(next, path.replace("activation", "alpha"), null);
  return next;
}

function followDataset(next, before, name, catalogue) {
  const entryOf = (name) => catalogue.datasets.find((entry) => entry.name === name);
  const [set, previous] = [entryOf(name), entryOf(before.dataset.name)];
  const dataset = { ...next.dataset, content: null, samples: null, noise: null, classes: null, standardize: "auto" };
  const config = { ...next, dataset };
  const sameInputs = JSON.stringify(set?.inputs) === JSON.stringify(previous?.inputs);
  const features = sameInputs ? config.features : null;
  const output = set?.task === previous?.task ? {} : { output_activation: "auto", loss: { name: "auto", delta: null } };
  return { ...config, features, ...output };
}

/** Another environment has other parameters and observations. */
function followEnvironment(next, name, catalogue) {
  const { configuration } = catalogue.paradigms.find(({ source }) => source.field === "environment.name");
  return { ...next, environment: { ...configuration.environment, name }, features: null, beginnings: null };
}

/** Another optimizer has other parameters, and its own learning rate in place of a default one. */
function followOptimizer(next, before, catalogue) {
  const { name, learning_rate: rate, schedule, clip_norm } = next.optimizer;
  const isDefault = defaultRates(before.name, catalogue).includes(rate ?? null);
  const learning_rate = isDefault ? defaultRates(name, catalogue)[1] ?? null : rate;
  return { ...next, optimizer: { name, learning_rate, schedule, clip_norm } };
}

/** The learning rates of an optimizer that were not set: none, its own, those of default configurations. */
const defaultRates = (name, { optimizers, paradigms }) => [
  null, optimizers.find((entry) => entry.name === name)?.parameters.learning_rate.default,
  ...[defaultConfig(), ...paradigms.map(({ configuration }) => configuration)]
    .filter(({ optimizer }) => optimizer.name === name).map(({ optimizer }) => optimizer.learning_rate),
];

/** The configuration with a hidden layer inserted at `index`, a copy of its neighbour. */
export function withLayer(config, index) {
  const neighbour = config.layers[Math.min(index, config.layers.length) - 1] ?? config.layers[0];
  const { units = 8, activation = "tanh", alpha = null } = neighbour ?? {};
  const layer = { units, activation, alpha, dropout: 0, frozen: false };
  return { ...config, layers: config.layers.toSpliced(index, 0, layer) };
}

/** The configuration without the hidden layer at `index`. */
export function withoutLayer(config, index) {
  return { ...config, layers: config.layers.toSpliced(index, 1) };
}
