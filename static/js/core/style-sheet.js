// Style sheets that are loaded on demand.

import { h } from "./dom.js";

/** Loads the style sheet of a name, once. */
export function loadStyleSheet(name) {
  const first = document.querySelector('link[rel="stylesheet"]').href;
  const href = `${first.slice(0, first.lastIndexOf("/"))}/${name}.css`;
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(h("link", { rel: "stylesheet", href }));
}
