// The list of lessons: only the theme needs a script.

import { createStore } from "../core/store.js";
import { startTheme } from "../core/theme.js";

document.getElementById("theme").addEventListener("click", startTheme(createStore({ theme: null, colours: null })).toggle);
