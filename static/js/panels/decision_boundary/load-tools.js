// Loads rarely used tools of the output map when they are first needed.

/** Loads drawing points when it is switched on, and pinned units when the first one is pinned. */
export function loadTools(view, { store, actions, loop }) {
  once(store, ({ drawing }) => drawing, async () =>
    (await import("./draw-points.js")).startDrawing(view, store, actions));
  once(store, ({ sideBySide }) => sideBySide.length > 0, async () =>
    loop.add([(await import("./pinned-units.js")).pinnedUnitsPanel(view.shell.section, store, actions)]));
}

/** Calls `load` once the condition holds for the state. */
export function once(store, condition, load) {
  const undo = store.watch((state) => {
    if (!condition(state)) return;
    undo();
    load();
  });
}
