// Changes of the hidden layers that are made in the graph of the network. Pure functions, loaded with the first change.

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

/** The configuration with one activation for all hidden layers, whose alpha is then the default. */
export function withActivation(config, activation) {
  return { ...config, layers: config.layers.map((layer) => ({ ...layer, activation, alpha: null })) };
}
