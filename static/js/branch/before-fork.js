// The curves of a fork before its first step: those of the runs that it continues, as thin lines.

import { api } from "../core/api.js";
import { append, emptyHistory, fromAnswer } from "../core/history.js";
import { t } from "../core/text.js";
import { curvesOf } from "../panels/curves/curves.js";
import { upTo } from "../timeline/measured.js";

const MAX_ANCESTORS = 10;

/** Sets `curvesBefore` whenever the page shows a fork whose ancestors are known; a deleted one ends the curve. */
export function followAncestors(store) {
  let known = "";
  const update = async ({ run, family }) => {
    const parents = parentsOf(run, family ?? []);
    const key = parents.length ? JSON.stringify([run.id, parents]) : "";
    if (key === known) return;
    known = key;
    if (store.get().curvesBefore) store.set({ curvesBefore: null });
    const parts = await Promise.all(parents.map(readPart)).catch(() => []); // one was deleted meanwhile
    if (key !== known || !parts.length) return;
    const history = parts.reduce(
      (all, { columns, metrics }) => append(all, 0, { ...columns, metrics }), emptyHistory());
    store.set({ curvesBefore: (state) => thinCurves(state, history) });
  };
  store.watch((state, changed) => state.run && ["run", "family"].some((key) => changed.includes(key)) && update(state));
}

/** The places {id, attempt, step} from which a run and its ancestors continue, the oldest first. */
function parentsOf(run, family) {
  const places = [];
  let { parent } = run;
  while (parent && places.length < MAX_ANCESTORS) {
    const { id } = parent;
    const found = family.find((other) => other.id === id);
    if (!found) break;
    places.unshift(parent);
    ({ parent } = found);
  }
  return places;
}

const readPart = async ({ id, attempt, step }) =>
  upTo(fromAnswer(await api.read(id, `history?attempt=${attempt}`)), step);

const thinCurves = (state, history) => curvesOf({ ...state, history }).map(({ low, high, ...curve }, i) => ({
  ...curve, title: t("branch.curve_before", { title: curve.title }),
  thin: { name: t("branch.curves_before"), legendgroup: "before", showlegend: i === 0, opacity: 0.6 },
}));
