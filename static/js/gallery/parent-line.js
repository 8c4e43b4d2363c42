// The line of a card that says which run it continues, and from which step.

import { api } from "../core/api.js";
import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t, tNodes } from "../core/text.js";
import { runTitle } from "./run-title.js";

/**
 * Returns `line(run, catalogue)`: the element, or null for a run that continues none. `line.know(runs)` tells it runs
 * that were read; other parents are read with the families of their forks, each once.
 */
export function parentLines() {
  const known = new Map(); // id to a promise of the run, or of null if it was deleted
  const know = (runs) => runs.forEach((run) => known.set(run.id, Promise.resolve(run)));
  const find = (run) => {
    const { id } = run.parent;
    if (!known.has(id)) {
      const family = api.runs({ family: run.id }).then(({ runs }) => runs, () => []);
      known.set(id, family.then((runs) => runs.find((other) => other.id === id) ?? null));
    }
    return known.get(id);
  };
  const line = (run, catalogue) => {
    if (!run.parent) return null;
    const element = h("p", { class: "run-line run-parent" });
    find(run).then((parent) => element.replaceChildren(...content(run, parent, catalogue)));
    return element;
  };
  return Object.assign(line, { know });
}

function content({ parent: { step } }, parent, catalogue) {
  if (!parent) return [t("gallery.continued_deleted", { step: integer(step) })];
  const title = runTitle(parent, catalogue);
  const link = h("a", { href: `/runs/${parent.id}`, title, text: title });
  return tNodes("gallery.continued", { run: link, step: integer(step) });
}
