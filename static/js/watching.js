// Which views the server computes for this page: those whose panel can be seen, plus the unit in focus.

import { same } from "./state.js";
import { focusUnit } from "./units.js";

const FPS = 30;
const CALM_FPS = 4;
const VIEW_OF = { boundary: "decision_boundary", network: "network", layers: "activation_histograms" };

/** The subscription for a state: nothing while the window is hidden, so that a forgotten tab costs nothing. */
export function wishes(state, hidden = document.hidden) {
  if (hidden) return [];
  const seen = Object.entries({ ...VIEW_OF, ...state.wishes }).filter(([panel, view]) => view && state.shown[panel] !== false).map(([, view]) => view);
  const focus = focusUnit(state);
  const inside = focus && focus.layer >= 0 && focus.layer < (state.run?.config?.layers.length ?? 0);
  return inside ? [...seen, { view: "decision_boundary", options: { layer: focus.layer, unit: focus.unit }, id: `unit-${focus.layer}-${focus.unit}` }] : seen;
}

/** Keep the subscription equal to what can be seen. */
export function followViews(store, session, sections, calm) {
  let sent = null;
  const update = () => {
    const views = wishes(store.get());
    if (same(views, sent)) return;
    sent = views;
    session.subscribe(views, calm.matches ? CALM_FPS : FPS);
  };
  const observer = new IntersectionObserver((entries) => {
    const shown = { ...store.get().shown };
    for (const { target, isIntersecting } of entries) shown[target.dataset.panel] = isIntersecting;
    if (!same(shown, store.get().shown)) store.set({ shown });
  });
  for (const section of sections) observer.observe(section);
  document.addEventListener("visibilitychange", update);
  store.watch((_, changed) => (changed.includes("shown") || changed.includes("hovered") || changed.includes("pinned") || changed.includes("wishes") || changed.includes("run")) && update());
  update();
}
