// What the controls of a layer and its settings offer and read: activations, and a number of units.

import { h, setProperty } from "../../core/dom.js";
import { t } from "../../core/text.js";

/** The activations that a hidden or an output layer can have, as options. */
export const activationOptions = (catalogue, layer) =>
  catalogue.activations
    .filter(({ applies_to }) => !applies_to || applies_to.includes(layer))
    .map(({ name, title, help }) => h("option", { value: name, title: help, text: title }));

/** A typed number of units; other text is returned unchanged, so that the server's validation error is shown. */
export const unitsFrom = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text);

/** One activation for all hidden layers, or none while they differ; `refresh(layers)` shows that of a configuration. */
export function allLayersSelect({ editLayers }) {
  const label = t("panel.network.depth.activation");
  const select = h("select", {
    class: "select small", "aria-label": label, title: label,
    on: { change: () => editLayers("withActivation", select.value) },
  });
  const mixed = h("option", { value: "", disabled: true, text: t("panel.network.depth.mixed") });
  const element = h("label", { class: "all-layers" }, h("span", { text: t("panel.network.depth.all") }), select);
  const offer = (catalogue) => select.replaceChildren(mixed, ...activationOptions(catalogue, "hidden"));
  const refresh = ([first, ...others]) => {
    setProperty(element, "hidden", !first);
    const isShared = first && others.every(({ activation }) => activation === first.activation);
    select.value = isShared ? first.activation : "";
    setProperty(mixed, "hidden", isShared);
  };
  return { element, offer, refresh };
}
