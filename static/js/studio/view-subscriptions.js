// Subscriptions of the page: the views of visible panels and the unit in focus.

import { viewApplies } from "./problem.js";
import { same } from "../core/store.js";
import { besideId, focusUnit, lookedAt } from "./units.js";

const FPS = 30;
const REDUCED_FPS = 4;
const SMALL_RESOLUTION = 48; // points along each side of the maps side by side
const KEYS = new Set(["visiblePanels", "hovered", "hoveredEdge", "inspected", "pinned", "sideBySide", "tracedSample", "subscriptions", "run", "catalogue"]); // what the subscription follows from
const VIEW_OF = { decision_boundary: "decision_boundary", network: "network", activation_histograms: "activation_histograms" };

/** Subscriptions without one of the output panel's own: it then shows the principal plane. */
export const usualBoundary = ({ decision_boundary: _, ...others }) => others;

/** The subscription for a state: empty while the window is hidden, so that a background tab needs no computation. */
export function subscriptions(state, hidden = document.hidden) {
  if (hidden) return [];
  const visible = Object.entries({ ...VIEW_OF, ...state.subscriptions }).filter(([panel, view]) => view && state.visiblePanels[panel] !== false).map(([, view]) => view);
  const focus = focusUnit(state);
  const inside = focus && isHidden(state, focus) ? [{ view: "decision_boundary", options: mapOf(state, focus), id: `unit-${focus.layer}-${focus.unit}` }] : [];
  return [...visible, ...inside, ...besides(state), ...numbersOf(state)].filter((subscription) => viewApplies(state, subscription.view ?? subscription));
}

const isHidden = (state, { layer }) => layer >= 0 && layer < (state.run?.config?.layers.length ?? 0);

const unitOf = ({ layer, unit }) => ({ layer, unit });

/** A unit's map lies in the plane that was chosen for the large picture. */
const mapOf = (state, unit) => ({ ...state.subscriptions.decision_boundary?.options, ...unitOf(unit) });

/** Maps of the units that are kept side by side. */
function besides(state) {
  return state.sideBySide.filter((unit) => isHidden(state, unit)).map((unit) => ({ view: "decision_boundary", options: { ...mapOf(state, unit), resolution: SMALL_RESOLUTION }, id: besideId(unit) }));
}

/** The numbers of the unit that is looked at, for the point that is traced (at first the first). */
function numbersOf(state) {
  const unit = lookedAt(state);
  if (!unit || unit.layer > (state.run?.config?.layers.length ?? -1)) return [];
  const part = state.points?.[state.tracedSample?.part]?.inputs.length ? state.tracedSample.part : "train";
  const index = Math.min(state.tracedSample?.index ?? 0, Math.max(0, (state.points?.[part]?.inputs.length ?? 1) - 1));
  return [{ view: "unit_numbers", options: { ...unitOf(unit), part, index }, id: `numbers-${unit.layer}-${unit.unit}` }];
}

/** Update the subscription when the visible panels or the state change. */
export function followViews(store, session, sections, calm) {
  let sent = null;
  const update = () => {
    const views = subscriptions(store.get());
    if (same(views, sent)) return;
    sent = views;
    session.subscribe(views, calm.matches ? REDUCED_FPS : FPS);
  };
  const observer = new IntersectionObserver((entries) => {
    const shown = { ...store.get().visiblePanels };
    for (const { target, isIntersecting } of entries) shown[target.dataset.panel] = isIntersecting;
    if (!same(shown, store.get().visiblePanels)) store.set({ visiblePanels: shown });
  });
  for (const section of sections) observer.observe(section);
  document.addEventListener("visibilitychange", update);
  store.watch((_, changed) => changed.some((key) => KEYS.has(key)) && update());
  update();
}
