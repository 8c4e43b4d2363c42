// Links that contain a whole configuration in their hash.

/** The configuration of a first visit; part of the page, because templates/early.js needs it before the modules. */
export const defaultConfig = () => JSON.parse(document.getElementById("default-config").textContent);

export function toHash(config) {
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  return `#${btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}

/** A layer with default values for its missing fields. */
export const layerWithDefaults = (layer) => (
  { units: 8, activation: "tanh", alpha: null, dropout: 0, frozen: false, ...layer }
);

/**
 * A partial configuration of supervised learning merged over the default one; the server chooses values for null.
 * Other paradigms are unchanged: their defaults are in the catalogue (problem.js).
 */
export function withDefaults(config) {
  if ((config.paradigm ?? "supervised") !== "supervised") return config;
  const base = defaultConfig();
  const dataset = { ...base.dataset, samples: null, noise: null, ...config.dataset };
  const schedule = { ...base.optimizer.schedule, ...config.optimizer?.schedule };
  const optimizer = { ...base.optimizer, ...config.optimizer, schedule };
  const layers = (config.layers ?? base.layers).map(layerWithDefaults);
  const loss = { ...base.loss, ...config.loss };
  const initializer = { ...base.initializer, ...config.initializer };
  return { ...base, features: null, ...config, dataset, optimizer, layers, loss, initializer };
}

/** The configuration in a hash, or null if it contains none that can be decoded. */
export function fromHash(hash) {
  if (hash.length < 8) return null;
  try {
    const binary = atob(hash.slice(1).replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const config = JSON.parse(new TextDecoder().decode(bytes));
    return config && typeof config === "object" ? withDefaults(config) : null;
  } catch {
    return null;
  }
}
