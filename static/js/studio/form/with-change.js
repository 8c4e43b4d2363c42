// The configuration after a change of a field that others depend on; loaded with the first such change.

import { merge } from "../../core/differences.js";
import { same, setPath } from "../../core/store.js";
import { defaultConfig } from "../sharing.js";

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
  const points = { content: null, samples: null, noise: null, classes: null, train_samples: null };
  const dataset = { ...next.dataset, ...points, standardize: "auto" };
  const config = withFitting({ ...next, dataset }, previous, set);
  const sameInputs = JSON.stringify(set?.inputs) === JSON.stringify(previous?.inputs);
  const features = sameInputs ? config.features : null;
  const output = set?.task === previous?.task ? {} : { output_activation: "auto", loss: { name: "auto", delta: null } };
  return { ...config, features, ...output };
}

/** The settings that fit a small table or images; when these are left, the defaults in place of unchanged ones. */
function withFitting(config, previous, set) {
  const isFitted = previous?.fitting && same(fitted(config, previous.fitting), config);
  const usual = isFitted ? merge(config, valuesOf(defaultConfig(), previous.fitting)) : config;
  return set?.fitting ? fitted(usual, set.fitting) : usual;
}

/** A configuration with fitting settings; their layers take the place of all layers. */
const fitted = (config, fitting) => ({ ...merge(config, fitting), layers: fitting.layers ?? config.layers });

/** The values of a configuration for the fields of a partial one. */
const valuesOf = (config, fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) =>
  [key, typeof value === "object" && !Array.isArray(value) ? valuesOf(config[key], value) : config[key]]));

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
