// Loads the tools of the decision boundary that few visits use, when they are first needed.

/** Drawing points loads when it is switched on, pinned units when there is one. */
export function loadTools(view, { store, actions, loop }) {
  once(store, ({ drawing }) => drawing, async () =>
    (await import("./draw-points.js")).startDrawing(view, store, actions));
  once(store, ({ sideBySide }) => sideBySide.length > 0, async () =>
    loop.add([(await import("./pinned-units.js")).besidePanel(view.shell.section, store, actions)]));
}

function once(store, condition, load) {
  const undo = store.watch((state) => {
    if (!condition(state)) return;
    undo();
    load();
  });
}
