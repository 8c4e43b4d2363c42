// The button of the time line that opens "Compare with A".

import { h, setAttribute } from "../core/dom.js";
import { t } from "../core/text.js";

/** Returns a button, marked while a step is kept as A; `panel` keeps it up to date. */
export function compareButton(context) {
  const open = async () => (await (await import("./index.js")).startReference(context)).open(element);
  const element = h("button", {
    type: "button", class: "button small timeline-compare", "aria-haspopup": "dialog", title: t("reference.button"),
    "aria-label": t("reference.button"), on: { click: open },
  }, "A|B");
  const draw = ({ reference }) => setAttribute(element, "data-compared", reference ? "" : null);
  return { element, panel: { name: "timeline-compare", needs: ["reference"], draw } };
}
