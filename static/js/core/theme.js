// Light or dark theme: the system's preference until the user chooses one.

import { themeColours } from "./colours.js";
import { listen } from "./dom.js";

const STORAGE_KEY = "perceptarium-theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** Applies the theme and its changes; sets `theme` and `colours` (of canvases) in the state. */
export function startTheme(store) {
  const apply = () => {
    const theme = localStorage.getItem(STORAGE_KEY) ?? (prefersDark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    store.set({ theme, colours: themeColours() });
  };
  apply();
  const stop = listen(prefersDark, "change", apply);
  const toggle = () => {
    localStorage.setItem(STORAGE_KEY, store.get().theme === "dark" ? "light" : "dark");
    apply();
  };
  return { toggle, stop };
}
