// What follows from changing one field, and which changes apply without a restart. Pure functions.

import { getPath, setPath } from "../../core/store.js";

/** Dotted patterns ("layers.*.dropout") of everything the schema marks as live. */
export function livePatterns(schema, node = schema, prefix = "") {
  const { live, properties, items } = resolve(schema, node);
  if (live && prefix) return [prefix];
  const inner = Object.entries(properties ?? {})
    .flatMap(([name, part]) => livePatterns(schema, part, prefix ? `${prefix}.${name}` : name));
  return items ? [...inner, ...livePatterns(schema, items, `${prefix}.*`)] : inner;
}

/** A node of the schema with its $ref followed and "or null" unwrapped; `nullable` is true for the latter. */
export function resolve(schema, node) {
  const { $ref, anyOf, allOf, ...own } = node;
  if ($ref) return { ...resolve(schema, schema.$defs[$ref.split("/").at(-1)]), ...own };
  if (allOf) return { ...resolve(schema, allOf[0]), ...own };
  if (!anyOf) return node;
  const kinds = anyOf.map((kind) => resolve(schema, kind));
  const main = kinds.find((kind) => kind.type !== "null") ?? kinds[0];
  return { ...main, ...own, kinds, nullable: kinds.some((kind) => kind.type === "null") };
}

/** The node of the schema at a dotted path; {} where there is none. */
export const nodeAt = (schema, path) => path.split(".").reduce(
  (node, key) => resolve(schema, node.items ?? node.properties?.[key] ?? {}), resolve(schema, schema));

export function isLive(path, patterns) {
  const general = path.replace(/\.\d+(?=\.|$)/g, ".*");
  return patterns.some((pattern) => general === pattern || general.startsWith(`${pattern}.`));
}

/** The PATCH body for some changed paths: nested as the configuration is, layers without a change as {}. */
export function patchBody(paths, draft, patterns) {
  let body = {};
  for (const path of paths) {
    const general = path.replace(/\.\d+(?=\.|$)/g, ".*");
    const pattern = patterns.find((candidate) => general === candidate || general.startsWith(`${candidate}.`));
    const top = path.split(".").slice(0, pattern.split(".").length).join(".");
    if (top.startsWith("layers.") && !body.layers) body = { ...body, layers: draft.layers.map(() => ({})) };
    body = setPath(body, top, getPath(draft, top));
  }
  return body;
}

/** The configuration after one field was set, with those that follow it (a new data set has other features ...). */
export function withChange(config, path, value, catalogue) {
  // Points drawn by hand were added to generated ones; another number of points, for example, generates new ones.
  const isOwn = catalogue.datasets.find((set) => set.name === config.dataset?.name)?.own;
  const generates = path.startsWith("dataset.") && !isOwn;
  const next = setPath(generates ? setPath(config, "dataset.content", null) : config, path, value);
  if (path === "dataset.name") return followDataset(next, config, value, catalogue);
  if (path === "environment.name") return followEnvironment(next, value, catalogue);
  if (path === "optimizer.name") return followOptimizer(next);
  if (path === "optimizer.schedule.name") return setPath(next, "optimizer.schedule", { name: value });
  if (path === "loss.name") return setPath(next, "loss", { name: value, delta: null });
  if (path === "initializer.name") return setPath(next, "initializer.scale", null);
  if (/^layers\.\d+\.activation$/.test(path)) return setPath(next, path.replace("activation", "alpha"), null);
  return next;
}

function followDataset(next, before, name, catalogue) {
  const entryOf = (wanted) => catalogue.datasets.find((entry) => entry.name === wanted);
  const [set, old] = [entryOf(name), entryOf(before.dataset.name)];
  const dataset = { ...next.dataset, content: null, samples: null, noise: null, classes: null, standardize: "auto" };
  const config = { ...next, dataset };
  const sameInputs = JSON.stringify(set?.inputs) === JSON.stringify(old?.inputs);
  const features = sameInputs ? config.features : null;
  const output = set?.task === old?.task ? {} : { output_activation: "auto", loss: { name: "auto", delta: null } };
  return { ...config, features, ...output };
}

/** Another environment has parameters and observations of its own. */
function followEnvironment(next, name, catalogue) {
  const { configuration } = catalogue.paradigms.find(({ source }) => source.field === "environment.name");
  return { ...next, environment: { ...configuration.environment, name }, features: null, beginnings: null };
}

function followOptimizer(next) {
  const { name, learning_rate, schedule, clip_norm } = next.optimizer;
  return { ...next, optimizer: { name, learning_rate, schedule, clip_norm } };
}

/** One hidden layer more (a copy of its neighbour) at `index`, or one fewer. */
export function withLayer(config, index) {
  const model = config.layers[Math.min(index, config.layers.length) - 1] ?? config.layers[0];
  const { units = 8, activation = "tanh", alpha = null } = model ?? {};
  const layer = { units, activation, alpha, dropout: 0, frozen: false };
  return { ...config, layers: config.layers.toSpliced(index, 0, layer) };
}

export function withoutLayer(config, index) {
  return { ...config, layers: config.layers.toSpliced(index, 1) };
}
