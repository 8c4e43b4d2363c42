// What is traced: which point or batch, and which weight.

import { h } from "../../core/dom.js";
import { integer } from "../../core/formats.js";

/** How many units, inputs and points there are to choose from. */
export function bounds(state) {
  const config = state.run?.config ?? state.draft;
  const network = state["view:network"];
  const fits = network?.run === state.run?.id && network.layers.length === config.layers.length + 1;
  const outputs = fits ? (network.layers.at(-1).units ?? network.layers.at(-1).biases.length) : 1;
  const units = [...config.layers.map((layer) => layer.units), outputs];
  const inputs =
    state["view:sample_trace"]?.run === state.run?.id
      ? state["view:sample_trace"].inputs.features.length
      : (config.features?.length ?? 2);
  const parts = ["train", "validation", "test"].filter((part) => state.points?.[part]?.inputs.length);
  return { units, sources: [inputs, ...units.slice(0, -1)], parts, points: (part) => state.points?.sizes[part] ?? 1 };
}

/** The choice made valid for the network and the data that there are now. */
export function fitted(choice, { units, sources, parts, points }) {
  const within = (value, count, least = 0) => Math.min(Math.max(least, value), Math.max(0, count - 1));
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
  return {
    view: "sample_trace",
    options: { part, ...(batch ? { batch } : { index }), layer, unit, source },
    id: "sample_trace",
  };
}

/** The row of controls; `pick(changes)` is called with what somebody chose. `show(choice, bounds)` follows. */
export function choiceRow(pick) {
  const field = (label, control, id) => h("label", { class: "pick", for: id }, h("span", { text: label }), control);
  const select = (key, label, convert = Number) =>
    h("select", {
      class: "select small",
      "aria-label": label,
      on: { change: (event) => pick({ [key]: convert(event.target.value) }) },
    });
  const typed = (key, label, offset) =>
    h("input", {
      type: "text",
      inputmode: "numeric",
      class: "number",
      autocomplete: "off",
      "aria-label": label,
      on: {
        change: (event) => {
          const value = Number(event.target.value);
          if (Number.isInteger(value)) pick({ [key]: value - offset });
        },
      },
    });
  const [part, layer, unit, source] = [
    select("part", "Part of the data", String),
    select("layer", "Layer of the chosen weight"),
    select("unit", "Unit of the chosen weight"),
    select("source", "Source of the chosen weight"),
  ];
  const index = typed("index", "Number of the point", 0);
  const batch = select("batch", "One point or a batch", (value) => Number(value) || null);
  batch.append(
    ...[
      [0, "one point"],
      [4, "batch of 4"],
      [8, "batch of 8"],
    ].map(([value, text]) => h("option", { value, text })),
  );
  const element = h(
    "div",
    { class: "choice-row" },
    field("Point", part),
    index,
    batch,
    field("Weight", layer),
    unit,
    source,
  );
  return { element, show: (choice, limits) => follow({ part, index, batch, layer, unit, source }, choice, limits) };
}

function follow({ part, index, batch, layer, unit, source }, choice, { units, sources, parts, points }) {
  offer(
    part,
    parts.map((name) => [name, name]),
    choice.part,
  );
  if (document.activeElement !== index) index.value = choice.index;
  index.title = `from 0 to ${integer(points(choice.part) - 1)}`;
  index.disabled = Boolean(choice.batch);
  batch.value = choice.batch ?? 0;
  offer(
    layer,
    units.map((_, i) => [i, i === units.length - 1 ? "output" : `layer ${i + 1}`]),
    choice.layer,
  );
  offer(
    unit,
    range(units[choice.layer], (i) => [i, `unit ${i + 1}`]),
    choice.unit,
  );
  const from = choice.layer === 0 ? "input" : "unit";
  offer(source, [[-1, "bias"], ...range(sources[choice.layer], (i) => [i, `from ${from} ${i + 1}`])], choice.source);
}

const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));

function offer(select, options, value) {
  const stamp = JSON.stringify(options);
  if (select.dataset.stamp !== stamp) {
    select.dataset.stamp = stamp;
    select.replaceChildren(...options.map(([worth, text]) => h("option", { value: worth, text })));
  }
  select.value = value;
}
