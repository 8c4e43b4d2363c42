// A button beside the field of the form under the pointer or with the focus: it varies this field in an experiment.

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { variedFields } from "./fields.js";

let started = false;

/** Offers the button in `form`. */
export function offerVary(form, store, actions) {
  if (started) return;
  started = true;
  let field = null;
  const button = h("button", {
    type: "button", class: "vary-button", text: t("vary.offer"), on: { click: () => actions.vary(field.dataset.field) },
  });
  const move = ({ target }) => {
    const next = target.closest?.(".field[data-field]");
    const isShown = next === field && button.isConnected;
    if (!next || isShown || !variedFields(store.get()).some(({ path }) => path === next.dataset.field)) return;
    field = next;
    const label = field.querySelector("label")?.firstChild?.textContent ?? field.dataset.field;
    button.setAttribute("aria-label", t("vary.offer_field", { field: label.trim() }));
    field.append(button);
  };
  form.addEventListener("pointerover", move);
  form.addEventListener("focusin", move);
  const reached = form.querySelector(".field:focus-within") ?? form.querySelector(".field:hover");
  if (reached) move({ target: reached });
}
