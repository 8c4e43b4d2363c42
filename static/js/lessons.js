// The list of lessons: only the theme needs a script.

import { createStore } from "./state.js";
import { startTheme } from "./theme.js";

document.getElementById("theme").addEventListener("click", startTheme(createStore({})).toggle);
