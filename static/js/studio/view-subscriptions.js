// Subscribes the page to the views of its visible panels, of the unit in focus and of the units compared.

import { viewApplies } from "./problem.js";
import { same } from "../core/store.js";
import { focusUnit, inspectedUnit, sideBySideId } from "./units.js";

const FPS = 30;
const CALM_FPS = 4; // with prefers-reduced-motion
const SMALL_RESOLUTION = 48; // points along each side of the map of a compared unit
// The keys of the state that the subscriptions depend on.
const KEYS = new Set([
  "visiblePanels", "hovered", "hoveredEdge", "inspected", "pinned", "sideBySide", "tracedSample", "subscriptions",
  "run", "catalogue",
]);
// The views without options that panels of the first visit show, by panel.
const FIRST_VIEWS = {
  decision_boundary: "decision_boundary", network: "network", activation_histograms: "activation_histograms",
};

/** Subscriptions without options for the output map, which then shows the plane of the principal components. */
export const withDefaultBoundary = ({ decision_boundary: _, ...others }) => others;

/** The subscriptions for a state; none while the page is hidden, so that the server computes nothing for it. */
export function subscriptions(state, hidden = document.hidden) {
  if (hidden) return [];
  const visible = Object.entries({ ...FIRST_VIEWS, ...state.subscriptions })
    .filter(([panel, view]) => view && state.visiblePanels[panel] !== false)
    .map(([, view]) => view);
  return [...visible, ...focusMap(state), ...comparedMaps(state), ...unitNumbers(state)]
    .filter((subscription) => viewApplies(state, subscription.view ?? subscription));
}

/** The map of the unit in focus, if it is a hidden unit. */
function focusMap(state) {
  const unit = focusUnit(state);
  if (!unit || !isHidden(state, unit)) return [];
  return [{ view: "decision_boundary", options: mapOptions(state, unit), id: `unit-${unit.layer}-${unit.unit}` }];
}

const isHidden = (state, { layer }) => layer >= 0 && layer < (state.run?.config?.layers.length ?? 0);

/** The map of a unit has the same plane as the output map. */
const mapOptions = (state, { layer, unit }) => ({ ...state.subscriptions.decision_boundary?.options, layer, unit });

/** Small maps of the units compared side by side. */
function comparedMaps(state) {
  return state.sideBySide.filter((unit) => isHidden(state, unit)).map((unit) => ({
    view: "decision_boundary",
    options: { ...mapOptions(state, unit), resolution: SMALL_RESOLUTION },
    id: sideBySideId(unit),
  }));
}

/** The numbers of the inspected unit for the traced sample, or for the first training point. */
function unitNumbers(state) {
  const { layer, unit } = inspectedUnit(state) ?? {};
  if (layer === undefined || layer > (state.run?.config?.layers.length ?? -1)) return [];
  const part = state.points?.[state.tracedSample?.part]?.inputs.length ? state.tracedSample.part : "train";
  const index = Math.min(state.tracedSample?.index ?? 0, Math.max(0, (state.points?.[part]?.inputs.length ?? 1) - 1));
  return [{ view: "unit_numbers", options: { layer, unit, part, index }, id: `numbers-${layer}-${unit}` }];
}

/** Sends the subscriptions whenever they change; observes which of the `sections` are visible. */
export function followViews(store, session, sections, calm) {
  let sent = null;
  const update = () => {
    const views = subscriptions(store.get());
    if (same(views, sent)) return;
    sent = views;
    session.subscribe(views, calm.matches ? CALM_FPS : FPS);
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
