// The controls of the landscape: its kind, the weights, the range, and map or surface.

import { h, setAttribute } from "../../core/dom.js";
import { t } from "../../core/text.js";

const KINDS = ["weight", "weights", "random", "path"];
const SPANS = [
  ["", t("panel.loss_landscape.auto")],
  [0.25, "0.25"],
  [0.5, "0.5"],
  [1, "1"],
  [2, "2"],
  [5, "5"],
  [10, "10"],
];

export function landscapeControls(set) {
  const kind = h(
    "select",
    {
      class: "select small",
      "aria-label": t("panel.loss_landscape.kind.choice"),
      on: { change: () => set({ kind: kind.value }) },
    },
    KINDS.map((value) => h("option", { value, text: t(`panel.loss_landscape.kind.${value}`) })),
  );
  const solid = h(
    "button",
    {
      type: "button",
      class: "chip small",
      "aria-pressed": "false",
      title: t("panel.loss_landscape.surface_help"),
    },
    h("span", { text: t("panel.loss_landscape.surface") }),
  );
  solid.addEventListener("click", () => set({ solid: solid.getAttribute("aria-pressed") !== "true" }));
  const again = h(
    "button",
    { type: "button", class: "chip small", title: t("panel.loss_landscape.other_help") },
    t("panel.loss_landscape.other"),
  );
  const first = weightFields("", t("panel.loss_landscape.first_weight"), set);
  const second = weightFields("_2", t("panel.loss_landscape.second_weight"), set);
  const span = h(
    "select",
    {
      class: "select small",
      "aria-label": t("panel.loss_landscape.range"),
      on: { change: () => set({ span: Number(span.value) || null }) },
    },
    SPANS.map(([value, text]) => h("option", { value, text })),
  );
  const far = h("label", { class: "pick" }, h("span", { text: "±" }), span);
  const element = h("div", { class: "choice-row" }, first.element, second.element, again, far);
  const tools = h("div", { class: "panel-tools" }, kind, solid);
  const show = (chosen, options, limits) => {
    kind.value = chosen.kind;
    setAttribute(solid, "aria-pressed", String(chosen.solid));
    solid.hidden = chosen.kind === "weight";
    again.hidden = chosen.kind !== "random";
    again.onclick = () => set({ seed: chosen.seed + 1 });
    first.show(chosen.kind === "weight" || chosen.kind === "weights", options, limits);
    second.show(chosen.kind === "weights", options, limits);
    span.value = chosen.span ?? "";
  };
  return { element, tools, show };
}

/** Layer, unit and source of one weight; their keys end in `suffix`. */
function weightFields(suffix, label, set) {
  const select = (name, text, also) =>
    h("select", {
      class: "select small",
      "aria-label": `${label}: ${text}`,
      on: { change: (event) => set({ [`${name}${suffix}`]: Number(event.target.value), ...also }) },
    });
  const [layer, unit, source] = [
    select("layer", t("panel.loss_landscape.layer"), { [`unit${suffix}`]: 0, [`source${suffix}`]: 0 }),
    select("unit", t("panel.loss_landscape.unit")),
    select("source", t("panel.loss_landscape.source")),
  ];
  const element = h("div", { class: "weight-fields", role: "group", "aria-label": label }, layer, unit, source);
  const show = (on, options, { units, sources }) => {
    element.hidden = !on;
    if (!on) return;
    const [l, u, s] = ["layer", "unit", "source"].map((name) => options[`${name}${suffix}`]);
    offer(
      layer,
      units.map((_, i) => [
        i,
        i === units.length - 1 ? t("panel.shared.weight.output") : t("panel.shared.weight.layer", { index: i + 1 }),
      ]),
      l,
    );
    offer(
      unit,
      Array.from({ length: units[l] }, (_, i) => [i, t("panel.shared.weight.unit", { index: i + 1 })]),
      u,
    );
    offer(
      source,
      [
        [-1, t("panel.shared.weight.bias")],
        ...Array.from({ length: sources[l] }, (_, i) => [i, t("panel.shared.weight.from", { index: i + 1 })]),
      ],
      s,
    );
  };
  return { element, show };
}

function offer(select, options, value) {
  const stamp = options.map(([, text]) => text).join();
  if (select.dataset.stamp !== stamp) {
    select.dataset.stamp = stamp;
    select.replaceChildren(...options.map(([worth, text]) => h("option", { value: worth, text })));
  }
  select.value = value;
}
