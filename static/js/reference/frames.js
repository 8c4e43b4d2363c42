// The frames of A: each is fetched once for every view and options that the page shows of B.

import { api } from "../core/api.js";
import { decode } from "../core/decoding.js";
import { t } from "../core/text.js";
import { viewApplies } from "../studio/problem.js";
import { subscriptions } from "../studio/view-subscriptions.js";
import { keyOf } from "./names.js";

const VIEWS = ["decision_boundary", "activation_histograms", "layer_health"];
const DELAY = 60; // ms, so that units which the pointer only crosses are not fetched
const MAX_KEPT = 80; // frames

/** Keeps `reference.frames` equal to the subscriptions; `onLost()` is called if A does not exist any more. */
export function followFrames(store, onLost) {
  const frames = { store, onLost, kept: new Map(), timer: 0, key: null };
  store.watch(() => {
    frames.timer ||= setTimeout(() => update(frames), DELAY);
  });
}

function update(frames) {
  frames.timer = 0;
  const { reference } = frames.store.get();
  const key = reference && keyOf(reference);
  if (frames.key !== key) frames.kept.clear();
  frames.key = key;
  if (!reference) return;
  for (const wanted of wantedViews(frames.store.get())) {
    if (frames.store.get().reference?.frames[wanted.slot]?.key !== wanted.key) show(frames, wanted);
  }
}

/** The views to fetch as {slot, view, options, id, key}; the output map and that of a unit have one slot each. */
function wantedViews(state) {
  return subscriptions(state).map((wanted) => (typeof wanted === "string" ? { view: wanted } : wanted))
    .map(({ view, options = {}, id = view }) => ({ view, options, id, slot: slotOf(view, id) }))
    .filter(({ slot }) => slot)
    .map((wanted) => ({ ...wanted, key: JSON.stringify([wanted.view, wanted.options]) }));
}

function slotOf(view, id) {
  if (!VIEWS.includes(view)) return null;
  return id.startsWith("unit-") ? "unit" : id === view ? id : null;
}

async function show(frames, wanted) {
  const { store, kept } = frames;
  const { reference } = store.get();
  if (!kept.has(wanted.key)) kept.set(wanted.key, fetchFrame(store.get(), wanted));
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value);
  setFrame(store, wanted, { key: wanted.key }); // nothing is drawn until the frame is there
  try {
    const frame = await kept.get(wanted.key);
    if (isWanted(store.get(), reference, wanted)) setFrame(store, wanted, { ...frame, key: wanted.key });
  } catch (error) {
    kept.delete(wanted.key);
    if (!isWanted(store.get(), reference, wanted)) return;
    if (error.status === 404) frames.onLost();
    else setFrame(store, wanted, { key: wanted.key, error: error.message });
  }
}

const isWanted = ({ reference }, before, { slot, key }) =>
  reference && keyOf(reference) === keyOf(before) && reference.frames[slot]?.key === key;

function setFrame(store, { slot }, frame) {
  const { reference } = store.get();
  store.set({ reference: { ...reference, frames: { ...reference.frames, [slot]: frame } } });
}

async function fetchFrame(state, { view, options, id }) {
  const { run, attempt, step, config } = state.reference;
  if (!viewApplies({ ...state, run: { config } }, view) || !hasUnit(config, options)) {
    return { error: options.unit === undefined ? t("reference.no_view") : t("reference.no_unit") };
  }
  const answer = await api.view(run, view, { ...options, step, attempt, arrays: "typed" });
  return { ...decode(answer), id };
}

const hasUnit = ({ layers }, { layer, unit }) => unit === undefined || unit < layers[layer]?.units;
