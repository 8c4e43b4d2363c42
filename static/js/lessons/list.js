// The list of lessons: the button of the colour theme.

import { createStore } from "../core/store.js";
import { startTheme } from "../core/theme.js";

document
  .getElementById("theme")
  .addEventListener("click", startTheme(createStore({ theme: null, colours: null })).toggle);
