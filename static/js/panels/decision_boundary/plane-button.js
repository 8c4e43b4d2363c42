// The button of the plane that the output map shows. Loaded with the first data of more than two inputs.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { t } from "../../core/text.js";
import { withDefaultBoundary } from "../../studio/view-subscriptions.js";
import { inputCount, watchNow } from "./display-options.js";

/** The button that opens the popover for the plane. A new data set resets the plane. */
export function planeButton(store) {
  const open = async () => (await load(() => import("./plane-choice.js"))).choosePlane(button, store);
  const button = h("button", {
    type: "button", class: "chip small", title: t("panel.decision_boundary.plane.help"), on: { click: open },
  }, h("span", { text: t("panel.decision_boundary.plane.title") }));
  watchNow(store, (state) => {
    const selected = state.subscriptions.decision_boundary;
    setProperty(button, "hidden", inputCount(state) < 3);
    setAttribute(button, "aria-pressed", String(Boolean(selected)));
    const name = state.run?.config.dataset?.name;
    if (selected && name && state.plane?.dataset !== name) {
      store.set({ subscriptions: withDefaultBoundary(state.subscriptions), plane: null });
    }
  });
  return button;
}
