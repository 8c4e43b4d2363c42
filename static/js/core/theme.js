// Light or dark theme: that of the system until the user selects one.

import { themeColours } from "./colours.js";
import { listen } from "./dom.js";

const STORED = "perceptarium-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Follow system and choice; the state gets `theme` and the `colours` that canvases draw with. */
export function startTheme(store) {
  const apply = () => {
    const theme = localStorage.getItem(STORED) ?? (dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    store.set({ theme, colours: themeColours() });
  };
  apply();
  const undo = listen(dark, "change", apply);
  const toggle = () => {
    localStorage.setItem(STORED, store.get().theme === "dark" ? "light" : "dark");
    apply();
  };
  return { toggle, stop: undo };
}
