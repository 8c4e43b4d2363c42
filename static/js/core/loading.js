// Modules that are loaded on demand.

const RETRY_INTERVAL = 1000; // ms

const loading = new Map(); // by the source of a request: the promise of its last call

/**
 * Loads a module by `request`, which calls import(); repeats it as long as the server cannot be reached.
 * Calls of the same request are answered in their order, which import() alone does not promise.
 */
export function load(request) {
  const key = String(request);
  const module = (loading.get(key) ?? Promise.resolve()).then(() => loadOnce(request));
  loading.set(key, module);
  return module;
}

const loadOnce = (request) =>
  request().catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL)).then(() => loadOnce(request)));
