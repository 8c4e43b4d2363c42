// Subscribes a panel to its view.

import { same } from "../../core/store.js";

/**
 * Subscribes a panel to a view (a name, or { view, options, id }); `changes` are further keys of the state to set if
 * the subscription is new. Of the subscriptions of other panels the newest are kept, also of those that were set since
 * this frame of the animation loop began.
 */
export function subscribe(store, panel, subscription, changes = {}) {
  const { subscriptions } = store.get();
  if (same(subscription, subscriptions[panel])) return;
  store.set({ subscriptions: { ...subscriptions, [panel]: subscription }, ...changes });
}
