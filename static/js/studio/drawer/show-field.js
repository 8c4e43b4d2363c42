// Shows the control of a field wherever it stands, and puts the focus on it. Loaded with the first link to a field.

const CONTROLS = "[data-main], input, select, button";

/** Puts the focus on the first visible control of an element that matches a selector; false if there is none. */
function focusFirst(root, selector) {
  const elements = [...root.querySelectorAll(selector)];
  const inside = (element) => (element.matches(CONTROLS) ? [element] : [...element.querySelectorAll(CONTROLS)]);
  const controls = elements.flatMap(inside).filter((element) => element.checkVisibility());
  const control = controls.find((element) => element.matches("[data-main]")) ?? controls[0];
  if (!control) return null;
  control.scrollIntoView({ block: "center", inline: "nearest" });
  control.focus({ preventScroll: true });
  return control;
}

/** Puts the focus on the control of a field inside `root`; false if it has no visible one. */
export const focusField = (root, path) => Boolean(focusFirst(root, `[data-field="${CSS.escape(path)}"]`));

/** Shows the control of a field: in the network, in the form, or else by `openDrawer(path)`. */
export function showField(path, openDrawer = () => {}) {
  if (focusField(document, path)) return;
  const [, layer, name] = /^layers\.(\d+)\.?(.*)/.exec(path) ?? [];
  if (layer) return showInLayer(layer, name);
  if (!/^features\b/.test(path)) return openDrawer(path);
  focusFirst(document, ".choose-features") ?? focusFirst(document, ".feature-nodes");
}

/** The controls above a layer are the number of its units and the button of its menu, which has the other fields. */
function showInLayer(layer, name) {
  const column = document.querySelector(`[data-field="layers.${layer}.activation"]`)?.closest(".layer-control");
  if (!column) return;
  if (name === "units" && focusFirst(column, ".units-number")) return;
  focusFirst(column, ".activation-row .icon-button, .layer-compact")?.click();
}
