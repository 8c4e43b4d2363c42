// The queue of all requests about the run: each is sent after the answer to the previous one. Configuration changes
// that are adjacent in the queue are sent as one.

export class RequestQueue {
  #currentDraft;
  #waiting = [];
  #running = null;

  /** `currentDraft()` returns the configuration that the form shows. */
  constructor(currentDraft) {
    this.#currentDraft = currentDraft;
  }

  /** Sends a command. Changes that were made before it are sent before it, later ones after it. */
  command(send) {
    const last = this.#waiting.at(-1);
    if (last?.isChange) last.draft ??= this.#currentDraft();
    return this.#append({ send });
  }

  /** Sends the newest draft. Nothing is added to a queue that ends with a change. */
  change(send) {
    const last = this.#waiting.at(-1);
    return last?.isChange ? last.answer : this.#append({ send, isChange: true });
  }

  hasChanges() {
    return Boolean(this.#running?.isChange) || this.#waiting.some(({ isChange }) => isChange);
  }

  isEmpty() {
    return !this.#running;
  }

  #append(entry) {
    entry.answer = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    this.#waiting.push(entry);
    if (!this.#running) this.#sendAll();
    return entry.answer;
  }

  async #sendAll() {
    while ((this.#running = this.#waiting.shift())) {
      const { send, draft, resolve, reject } = this.#running;
      await send(draft ?? this.#currentDraft()).then(resolve, reject);
    }
  }
}
