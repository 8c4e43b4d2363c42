// The controls of the loss landscape: its kind, the weights, the range, and map or surface.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { weightFields } from "./weight-fields.js";

const KINDS = ["weight", "weights", "random", "path"];
const SPANS = [0.25, 0.5, 1, 2, 5, 10];

/** Returns {element, tools, show(selected, options, limits)}; `set(changes)` stores the selection. */
export function landscapeControls(set) {
  const kind = buildKind(set);
  const surface = buildSurface(set);
  const random = buildRandom();
  const span = buildSpan(set);
  const first = weightFields("", t("panel.loss_landscape.first_weight"), set);
  const second = weightFields("_2", t("panel.loss_landscape.second_weight"), set);
  const range = h("label", { class: "inline-field" }, h("span", { text: "±" }), span);
  const show = (selected, options, limits) => {
    kind.value = selected.kind;
    setAttribute(surface, "aria-pressed", String(selected.isSurface));
    setProperty(surface, "hidden", selected.kind === "weight");
    setProperty(random, "hidden", selected.kind !== "random");
    random.onclick = () => set({ seed: selected.seed + 1 });
    first.show(selected.kind === "weight" || selected.kind === "weights", options, limits);
    second.show(selected.kind === "weights", options, limits);
    span.value = selected.span ?? "";
  };
  return {
    element: h("div", { class: "choice-row" }, first.element, second.element, random, range),
    tools: h("div", { class: "panel-tools" }, kind, surface),
    show,
  };
}

function buildKind(set) {
  return h(
    "select",
    {
      class: "select small",
      "aria-label": t("panel.loss_landscape.kind.choice"),
      on: { change: ({ target }) => set({ kind: target.value }) },
    },
    KINDS.map((value) => h("option", { value, text: t(`panel.loss_landscape.kind.${value}`) })),
  );
}

/** The toggle between map and surface. */
function buildSurface(set) {
  const title = t("panel.loss_landscape.surface_help");
  const attributes = { type: "button", class: "chip small", "aria-pressed": "false", title };
  const click = ({ currentTarget }) => set({ isSurface: currentTarget.getAttribute("aria-pressed") !== "true" });
  return h("button", { ...attributes, on: { click } }, h("span", { text: t("panel.loss_landscape.surface") }));
}

/** The button for other random directions. */
function buildRandom() {
  const attributes = { type: "button", class: "chip small", title: t("panel.loss_landscape.other_help") };
  return h("button", attributes, t("panel.loss_landscape.other"));
}

function buildSpan(set) {
  return h(
    "select",
    {
      class: "select small",
      "aria-label": t("panel.loss_landscape.range"),
      on: { change: ({ target }) => set({ span: Number(target.value) || null }) },
    },
    h("option", { value: "", text: t("panel.loss_landscape.auto") }),
    SPANS.map((value) => h("option", { value, text: String(value) })),
  );
}
