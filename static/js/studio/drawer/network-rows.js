// The fields of the drawer that have their controls in the network: rows with a button that shows the control.

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { nodeAt } from "../form/config-changes.js";
import { offeredFeatures } from "../problem.js";
import { showField } from "./show-field.js";

/** { element, rows }: a group with a row for the features, each field of a layer, and the output activation. */
export function networkRows(state) {
  const { schema, draft } = state;
  const names = draft.layers.length ? Object.keys(nodeAt(schema, "layers.0").properties) : [];
  const features = offeredFeatures(state) ? ["features"] : [];
  const paths = [...features, ...names.map((name) => `layers.0.${name}`), "output_activation"];
  const rows = paths.map((path) => row(path, nodeAt(schema, path))).filter(Boolean);
  const title = t("form.all.network");
  const element = h("fieldset", { class: "group" }, h("legend", { text: title }), rows.map((one) => one.element));
  return { element, rows };
}

function row(path, { label, help }) {
  if (!label) return null;
  const name = t("form.all.show_in_network", { field: label });
  const button = h("button", {
    type: "button", class: "button small", "aria-label": name, title: name, text: t("form.problem.show"),
    on: { click: () => showField(path) },
  });
  const element = h("div", { class: "field field-elsewhere" }, h("span", { text: label, title: help ?? null }), button);
  return { element, text: `${t("form.all.network")} ${label} ${help} ${path}`.toLowerCase() };
}
