// The selection of the trace: a point or a batch, and one weight.

import { h } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";

const BATCHES = [4, 8];

/** The number of units and inputs of every layer, the parts of the data, and the number of their points. */
export function limitsOf(state) {
  const config = state.run?.config ?? state.draft;
  const [network, trace] = [state["view:network"], state["view:sample_trace"]];
  const isCurrent = network && network.run === state.run?.id && network.layers.length === config.layers.length + 1;
  const outputs = isCurrent ? (network.layers.at(-1).units ?? network.layers.at(-1).biases.length) : 1;
  const units = [...config.layers.map((layer) => layer.units), outputs];
  const inputs = trace && trace.run === state.run?.id ? trace.inputs.features.length : (config.features?.length ?? 2);
  const parts = ["train", "validation", "test"].filter((part) => state.points?.[part]?.inputs.length);
  return { units, sources: [inputs, ...units.slice(0, -1)], parts, points: (part) => state.points?.sizes[part] ?? 1 };
}

/** The selection clamped to the network and the data of the run. */
export function clamped(selection, { units, sources, parts, points }) {
  const clampIndex = (value, count, min = 0) => Math.min(Math.max(min, value), Math.max(0, count - 1));
  const layer = selection.layer === null ? units.length - 1 : clampIndex(selection.layer, units.length);
  const part = parts.includes(selection.part) || !parts.length ? selection.part : parts[0];
  return {
    part,
    index: clampIndex(selection.index, points(part)),
    batch: selection.batch,
    layer,
    unit: clampIndex(selection.unit, units[layer]),
    source: clampIndex(selection.source, sources[layer], -1),
  };
}

export function subscriptionOf({ part, index, batch, layer, unit, source }) {
  const options = { part, ...(batch ? { batch } : { index }), layer, unit, source };
  return { view: "sample_trace", options, id: "sample_trace" };
}

/** The row of controls; calls `onSelect(changes)` at a change. `show(selection, limits)` updates the controls. */
export function selectionControls(onSelect) {
  const controls = {
    part: select("part", t("panel.sample_trace.choice.part"), onSelect, String),
    index: indexField(t("panel.shared.point_index"), onSelect),
    batch: select("batch", t("panel.sample_trace.choice.batch"), onSelect, (value) => Number(value) || null),
    layer: select("layer", t("panel.sample_trace.choice.layer"), onSelect),
    unit: select("unit", t("panel.sample_trace.choice.unit"), onSelect),
    source: select("source", t("panel.sample_trace.choice.source"), onSelect),
  };
  const { part, index, batch, layer, unit, source } = controls;
  const batchName = (count) => t("panel.sample_trace.choice.batch_of", { count });
  const sizes = [[0, t("panel.sample_trace.choice.one_point")], ...BATCHES.map((count) => [count, batchName(count)])];
  setOptions(batch, sizes, 0);
  const field = (text, control) => h("label", { class: "inline-field" }, h("span", { text }), control);
  const point = field(t("panel.sample_trace.choice.point"), part);
  const weight = field(t("panel.sample_trace.choice.weight"), layer);
  const element = h("div", { class: "choice-row" }, point, index, batch, weight, unit, source);
  return { element, show: (selection, limits) => show(controls, selection, limits) };
}

function select(key, label, onSelect, convert = Number) {
  const change = ({ target }) => onSelect({ [key]: convert(target.value) });
  return h("select", { class: "select small", "aria-label": label, on: { change } });
}

function indexField(label, onSelect) {
  const change = ({ target }) => Number.isInteger(Number(target.value)) && onSelect({ index: Number(target.value) });
  const attributes = { type: "text", inputmode: "numeric", class: "number", autocomplete: "off" };
  return h("input", { ...attributes, "aria-label": label, on: { change } });
}

function show({ part, index, batch, layer, unit, source }, selection, { units, sources, parts, points }) {
  setOptions(part, parts.map((name) => [name, t(`panel.shared.part.${name}`)]), selection.part);
  if (document.activeElement !== index) index.value = selection.index;
  index.title = t("panel.shared.index_range", { last: integer(points(selection.part) - 1) });
  index.disabled = Boolean(selection.batch);
  batch.value = selection.batch ?? 0;
  setOptions(layer, units.map((_, i) => [i, layerOption(i, units.length)]), selection.layer);
  const unitOption = (i) => t("panel.shared.weight.unit", { index: i + 1 });
  setOptions(unit, range(units[selection.layer], unitOption), selection.unit);
  const sourceOption = (i) =>
    selection.layer === 0
      ? t("panel.sample_trace.choice.from_input", { index: i + 1 })
      : t("panel.sample_trace.choice.from_unit", { index: i + 1 });
  const inputs = range(sources[selection.layer], sourceOption);
  setOptions(source, [[-1, t("panel.shared.weight.bias")], ...inputs], selection.source);
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
