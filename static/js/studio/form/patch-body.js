// The request body of a change of the configuration.

import { getPath, setPath } from "../../core/store.js";

/** The PATCH body of changed paths, nested like the configuration; an unchanged layer is {}. */
export function patchBody(paths, draft, patterns) {
  let body = {};
  for (const path of paths) {
    const generalPath = path.replace(/\.\d+(?=\.|$)/g, ".*");
    const pattern = patterns.find((candidate) => generalPath === candidate || generalPath.startsWith(`${candidate}.`));
    const top = path.split(".").slice(0, pattern.split(".").length).join(".");
    if (top.startsWith("layers.") && !body.layers) body = { ...body, layers: draft.layers.map(() => ({})) };
    body = setPath(body, top, getPath(draft, top));
  }
  return body;
}
