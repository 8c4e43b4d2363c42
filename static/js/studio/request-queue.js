// The queue of all requests about the run: each is sent when the one before is answered. Changes of the
// configuration that wait next to each other are sent as one.

/** `currentDraft()` gives the configuration that the form shows. */
export function createRequestQueue(currentDraft) {
  const waiting = [];
  let running = null;
  const runAll = async () => {
    while ((running = waiting.shift())) {
      const { send, draft, resolve, reject } = running;
      await send(draft ?? currentDraft()).then(resolve, reject);
    }
  };
  const append = (entry) => {
    entry.answer = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    waiting.push(entry);
    if (!running) runAll();
    return entry.answer;
  };
  return {
    /** Sends a command; changes that were made before it are sent before it, later ones after it. */
    command(send) {
      const last = waiting.at(-1);
      if (last?.isChange) last.draft ??= currentDraft();
      return append({ send });
    },
    /** Sends the draft; while a change waits last in the queue, it takes the newest draft. */
    change(send) {
      const last = waiting.at(-1);
      return last?.isChange ? last.answer : append({ send, isChange: true });
    },
    hasChanges: () => Boolean(running?.isChange) || waiting.some(({ isChange }) => isChange),
    isEmpty: () => !running,
  };
}
