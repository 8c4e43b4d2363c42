// The whole configuration in the address, so that a link carries it.

/** What a first visit shows; it stands in the page itself, because the run is ordered before the modules have arrived. */
export const defaultConfig = () => JSON.parse(document.getElementById("default-config").textContent);

export function toHash(config) {
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  return `#${btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}

const LAYER = { units: 8, activation: "tanh", alpha: null, dropout: 0, frozen: false };

/** A configuration of which only some parts were given, completed with what leaves the choice to the server. */
export function complete(config) {
  if ((config.paradigm ?? "supervised") !== "supervised") return config; // the catalogue has what it begins with
  const base = defaultConfig();
  const dataset = { ...base.dataset, samples: null, noise: null, ...config.dataset };
  const optimizer = { ...base.optimizer, ...config.optimizer, schedule: { ...base.optimizer.schedule, ...config.optimizer?.schedule } };
  const layers = (config.layers ?? base.layers).map((layer) => ({ ...LAYER, ...layer }));
  return { ...base, features: null, ...config, dataset, optimizer, layers, loss: { ...base.loss, ...config.loss }, initializer: { ...base.initializer, ...config.initializer } };
}

/** The configuration in a hash, or null where there is none that can be read. */
export function fromHash(hash) {
  if (hash.length < 8) return null;
  try {
    const binary = atob(hash.slice(1).replace(/-/g, "+").replace(/_/g, "/"));
    const config = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
    return config && typeof config === "object" ? complete(config) : null;
  } catch {
    return null;
  }
}
