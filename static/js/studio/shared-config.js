// The configuration in a link, completed by defaults; loaded for pages that are opened with one, and for lessons.

import { defaultOf, paradigmOf } from "./problem.js";
import { defaultConfig } from "./sharing.js";

/** A layer with default values for its missing fields. */
const layerWithDefaults = (layer) => (
  { units: 8, activation: "tanh", alpha: null, dropout: 0, frozen: false, ...layer }
);

/** The optimizer of a partial configuration over a default one: with a name, the learning rate is its own. */
function optimizerOver(base, optimizer) {
  const rate = optimizer?.name ? { learning_rate: null } : {};
  return { ...base, ...rate, ...optimizer, schedule: { ...base.schedule, ...optimizer?.schedule } };
}

/** A partial configuration of supervised learning over that of a first visit; the server chooses values for null. */
export function withDefaults(config) {
  const base = defaultConfig();
  const dataset = { ...base.dataset, samples: null, noise: null, ...config.dataset };
  const optimizer = optimizerOver(base.optimizer, config.optimizer);
  const layers = (config.layers ?? base.layers).map(layerWithDefaults);
  const loss = { ...base.loss, ...config.loss };
  const initializer = { ...base.initializer, ...config.initializer };
  return { ...base, features: null, ...config, dataset, optimizer, layers, loss, initializer };
}

/** A partial configuration of another paradigm over its default configuration. */
function withParadigmDefaults(catalogue, partial) {
  const base = defaultOf(catalogue, partial.paradigm) ?? defaultConfig();
  const config = mergeObjects(base, partial);
  const optimizer = optimizerOver(base.optimizer, partial.optimizer);
  return { ...config, optimizer, layers: config.layers.map(layerWithDefaults) };
}

function mergeObjects(base, changes) {
  if (!isObject(base) || !isObject(changes)) return changes;
  const merged = Object.entries(changes).map(([key, value]) => [key, mergeObjects(base[key], value)]);
  return { ...base, ...Object.fromEntries(merged) };
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The object in a hash, or null if it contains none that can be decoded. */
function decoded(hash) {
  try {
    const binary = atob(hash.slice(1).replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const config = JSON.parse(new TextDecoder().decode(bytes));
    return config && typeof config === "object" ? config : null;
  } catch {
    return null;
  }
}

/** The complete configuration of a hash, or null; `loadCatalogue` is awaited if its defaults are in the catalogue. */
export async function fromHash(hash, loadCatalogue) {
  const config = decoded(hash);
  if (!config) return null;
  if (paradigmOf(config) === "supervised") return withDefaults(config);
  return withParadigmDefaults(await loadCatalogue(), config);
}
