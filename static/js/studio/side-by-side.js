// The units whose maps are shown side by side. Loaded with the first one.

import { sameUnit } from "./units.js";

const MAX_COUNT = 6;

/** Adds a unit to the maps side by side, or removes it. Above MAX_COUNT the oldest is removed. */
export function keep(store, unit) {
  const { sideBySide } = store.get();
  const others = sideBySide.filter((other) => !sameUnit(other, unit));
  const added = [...sideBySide, { layer: unit.layer, unit: unit.unit }].slice(-MAX_COUNT);
  store.set({ sideBySide: others.length < sideBySide.length ? others : added });
}
