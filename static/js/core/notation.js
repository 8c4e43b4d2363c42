// The notation of formulas: which letters stand for prediction and target. The choice is kept in the browser.

import { h, setAttribute } from "./dom.js";
import { t } from "./text.js";

const STORAGE_KEY = "perceptarium-notation";
const COMMON = { name: "common", prediction: "ŷ", target: "y" };
/** The lecture writes ŷ for the known target, y for the output, and w with the index of the input first. */
const LECTURE = { name: "lecture", prediction: "y", target: "ŷ" };

const isLecture = ({ notation }) => (notation ?? localStorage.getItem(STORAGE_KEY)) === "lecture";

/** The letters of prediction and target; `name` is common or lecture. */
export const notationOf = (state) => (isLecture(state) ? LECTURE : COMMON);

/** A button that switches between the common notation and that of the lecture. */
export function notationSwitch(store) {
  const click = () => {
    const notation = isLecture(store.get()) ? "common" : "lecture";
    localStorage.setItem(STORAGE_KEY, notation);
    store.set({ notation });
  };
  const attributes = { type: "button", class: "chip small notation-switch", title: t("panel.shared.notation.help") };
  const button = h("button", { ...attributes, on: { click } }, h("span", { text: t("panel.shared.notation.title") }));
  const show = (state) => setAttribute(button, "aria-pressed", String(isLecture(state)));
  const stop = store.watch((state, changed) => {
    if (!changed.includes("notation")) return;
    if (button.isConnected) show(state);
    else stop();
  });
  show(store.get());
  return button;
}

/** Writes the letters into the elements of a text that are marked with data-letter="prediction" or "target". */
export function writeLetters(root, state) {
  const letters = notationOf(state);
  for (const element of root.querySelectorAll("[data-letter]")) element.textContent = letters[element.dataset.letter];
}
