// Which values of a field are suggested for an experiment. Pure functions.

export const EXAMPLES = "dataset.train_samples";

const FEWEST = 5; // examples of a learning curve
const MAX_LAYERS = 4; // of the suggested networks

/**
 * The field as an experiment can vary it: { kind, ... } with kind `seeds` ({ count }), `range` ({ low, high, count,
 * scale }) or `list` ({ values, chosen }), or null for a field without suggestions.
 */
export function suggestionFor(field, value, { draft, points }) {
  if (field.path === "layers") return layerSuggestion(draft.layers);
  if (field.path === EXAMPLES) return sizeSuggestion(points?.sizes?.train ?? 0);
  if (/(^|[._])seed$/.test(field.path)) return { kind: "seeds", count: 24 };
  if (field.control === "switch") return { kind: "list", values: [false, true], chosen: [false, true] };
  if (field.options) return listSuggestion(field, value);
  if (typeof value === "number" || Number.isFinite(field.default)) return rangeSuggestion(field, value);
  return null;
}

/** Sizes of the training part for a learning curve: in doublings from FEWEST up to all of them. */
function sizeSuggestion(all) {
  const values = [];
  for (let size = FEWEST; size < all; size *= 2) values.push(size);
  return values.length ? { kind: "list", values: [...values, all], chosen: [...values, all] } : null;
}

function listSuggestion({ options }, value) {
  const values = options.map((option) => option.value);
  const at = Math.max(0, values.indexOf(value));
  return { kind: "list", values, chosen: values.length <= 4 ? values : values.slice(at > 2 ? at - 2 : 0).slice(0, 4) };
}

/** A tenth to ten times the present value on a logarithmic scale, else the range of the slider. */
function rangeSuggestion({ minimum, maximum, slider, scale, integer, default: otherwise }, value) {
  const present = typeof value === "number" ? value : otherwise;
  const [lowest, highest] = [minimum ?? -Infinity, maximum ?? Infinity];
  const within = (number) => Math.min(highest, Math.max(lowest, integer ? Math.round(number) : number));
  const isLog = scale === "log" && present > 0;
  const [start, end] = slider ?? [0, 2 * (present || 1)];
  const low = isLog ? within(present / 10) || present / 10 : within(start);
  const high = isLog ? within(present * 10) : within(end);
  const count = integer ? Math.min(5, high - low + 1) : 5;
  return { kind: "range", low: tidy(low), high: tidy(high), count, scale: isLog ? "log" : "linear" };
}

const tidy = (value) => Number(value.toPrecision(3));

/** The present network with half and twice the units, and with one layer less and more. */
function layerSuggestion(layers) {
  const scaled = (factor) =>
    layers.map((layer) => ({ ...layer, units: Math.max(1, Math.round(layer.units * factor)) }));
  const candidates = [
    layers, scaled(0.5), scaled(2), layers.slice(0, -1),
    ...(layers.length && layers.length < MAX_LAYERS ? [[...layers, layers.at(-1)]] : []),
  ];
  const different = new Map(candidates.map((candidate) => [JSON.stringify(candidate), candidate]));
  const values = [...different.values()];
  return { kind: "list", values, chosen: values };
}

/** What the API calls the values: a list, or a form such as {"count": 24}. */
export function specOf(suggestion) {
  const { kind, count, low, high, scale, chosen } = suggestion;
  if (kind === "seeds") return { count };
  if (kind === "list") return chosen;
  return { [scale]: [low, high], count };
}

/** The number of values. */
export const countOf = ({ kind, count, chosen }) => (kind === "list" ? chosen.length : count);
