// The choice of what is traced: a point or a batch, and one weight.

import { h } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";

const BATCHES = [4, 8];

/** The number of units and inputs of every layer, the parts of the data, and the number of their points. */
export function bounds(state) {
  const config = state.run?.config ?? state.draft;
  const [network, trace] = [state["view:network"], state["view:sample_trace"]];
  const isCurrent = network?.run === state.run?.id && network.layers.length === config.layers.length + 1;
  const outputs = isCurrent ? (network.layers.at(-1).units ?? network.layers.at(-1).biases.length) : 1;
  const units = [...config.layers.map((layer) => layer.units), outputs];
  const inputs = trace?.run === state.run?.id ? trace.inputs.features.length : (config.features?.length ?? 2);
  const parts = ["train", "validation", "test"].filter((part) => state.points?.[part]?.inputs.length);
  return { units, sources: [inputs, ...units.slice(0, -1)], parts, points: (part) => state.points?.sizes[part] ?? 1 };
}

/** The choice limited to the network and the data of the run. */
export function fitted(choice, { units, sources, parts, points }) {
  const within = (value, count, min = 0) => Math.min(Math.max(min, value), Math.max(0, count - 1));
  const layer = choice.layer === null ? units.length - 1 : within(choice.layer, units.length);
  const part = parts.includes(choice.part) || !parts.length ? choice.part : parts[0];
  return {
    part,
    index: within(choice.index, points(part)),
    batch: choice.batch,
    layer,
    unit: within(choice.unit, units[layer]),
    source: within(choice.source, sources[layer], -1),
  };
}

export function subscriptionOf({ part, index, batch, layer, unit, source }) {
  const options = { part, ...(batch ? { batch } : { index }), layer, unit, source };
  return { view: "sample_trace", options, id: "sample_trace" };
}

/** The row of controls; `pick(changes)` is called when one is changed. `show(choice, bounds)` updates them. */
export function choiceRow(pick) {
  const controls = {
    part: select("part", t("panel.sample_trace.choice.part"), pick, String),
    index: indexField(t("panel.shared.point_index"), pick),
    batch: select("batch", t("panel.sample_trace.choice.batch"), pick, (value) => Number(value) || null),
    layer: select("layer", t("panel.sample_trace.choice.layer"), pick),
    unit: select("unit", t("panel.sample_trace.choice.unit"), pick),
    source: select("source", t("panel.sample_trace.choice.source"), pick),
  };
  const { part, index, batch, layer, unit, source } = controls;
  const batchName = (count) => t("panel.sample_trace.choice.batch_of", { count });
  const sizes = [[0, t("panel.sample_trace.choice.one_point")], ...BATCHES.map((count) => [count, batchName(count)])];
  setOptions(batch, sizes, 0);
  const field = (text, control) => h("label", { class: "pick" }, h("span", { text }), control);
  const point = field(t("panel.sample_trace.choice.point"), part);
  const weight = field(t("panel.sample_trace.choice.weight"), layer);
  const element = h("div", { class: "choice-row" }, point, index, batch, weight, unit, source);
  return { element, show: (choice, limits) => show(controls, choice, limits) };
}

function select(key, label, pick, convert = Number) {
  const change = ({ target }) => pick({ [key]: convert(target.value) });
  return h("select", { class: "select small", "aria-label": label, on: { change } });
}

function indexField(label, pick) {
  const change = ({ target }) => Number.isInteger(Number(target.value)) && pick({ index: Number(target.value) });
  const attributes = { type: "text", inputmode: "numeric", class: "number", autocomplete: "off" };
  return h("input", { ...attributes, "aria-label": label, on: { change } });
}

function show({ part, index, batch, layer, unit, source }, choice, { units, sources, parts, points }) {
  setOptions(part, parts.map((name) => [name, t(`panel.shared.part.${name}`)]), choice.part);
  if (document.activeElement !== index) index.value = choice.index;
  index.title = t("panel.shared.index_range", { last: integer(points(choice.part) - 1) });
  index.disabled = Boolean(choice.batch);
  batch.value = choice.batch ?? 0;
  setOptions(layer, units.map((_, i) => [i, layerOption(i, units.length)]), choice.layer);
  setOptions(unit, range(units[choice.layer], (i) => t("panel.shared.weight.unit", { index: i + 1 })), choice.unit);
  const sourceOption = (i) =>
    choice.layer === 0
      ? t("panel.sample_trace.choice.from_input", { index: i + 1 })
      : t("panel.sample_trace.choice.from_unit", { index: i + 1 });
  const inputs = range(sources[choice.layer], sourceOption);
  setOptions(source, [[-1, t("panel.shared.weight.bias")], ...inputs], choice.source);
}

const layerOption = (index, count) =>
  index === count - 1 ? t("panel.shared.weight.output") : t("panel.shared.weight.layer", { index: index + 1 });

const range = (count, text) => Array.from({ length: count }, (_, i) => [i, text(i)]);

/** Sets the options, [value, text] each, if they have changed, and selects one. */
function setOptions(element, options, value) {
  const key = JSON.stringify(options);
  if (element.dataset.key !== key) {
    element.dataset.key = key;
    element.replaceChildren(...options.map(([name, text]) => h("option", { value: name, text })));
  }
  element.value = value;
}
