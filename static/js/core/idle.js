// Work that can wait, done when the browser has nothing else to do.

/** Resolves after `delay` ms as soon as the browser is idle, at the latest `timeout` ms later. */
export function idle(delay = 0, timeout = 1500) {
  return new Promise((resolve) => setTimeout(
    () => (window.requestIdleCallback ? requestIdleCallback(resolve, { timeout }) : resolve()), delay,
  ));
}
