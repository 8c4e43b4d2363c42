// The page of a read-only server: actions that would change a run say so instead.

import { t } from "../core/text.js";

const CHANGES = [
  "change", "replace", "chooseProblem", "wizard", "undo", "redo", "toggle", "step", "epoch", "reset", "newWeights",
  "setSpeed", "fresh", "changeNow", "editWeights", "editPoints", "editLayers", "settings", "showField", "revert",
  "vary",
];

/** Replaces the actions that change something; their buttons are hidden (read-only.css), but keys still call them. */
export function refuseChanges(store, actions) {
  const text = t("page.read_only");
  const refuse = async () => store.set({ notice: { text, kind: "info", at: performance.now() } });
  for (const name of CHANGES) actions[name] = refuse;
}
