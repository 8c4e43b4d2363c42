// Modules that are loaded on demand.

const RETRY_INTERVAL = 1000; // ms

/** Loads a module by `request`, which calls import(); repeats it as long as the server cannot be reached. */
export const load = (request) =>
  request().catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL)).then(() => load(request)));
