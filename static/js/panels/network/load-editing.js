// Loads panels/unit_numbers, which shows and edits single weights and units, when it is first needed.

import { h } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { t } from "../../core/text.js";

/**
 * Loads it when the pointer or the focus enters the network, or when the run may have edits, or images, to show; with
 * a touch screen with the first picture, because a finger enters and drags at once.
 */
export function loadEditing(network, context) {
  let [loading, clicked] = [null, false];
  // A tap enters and clicks at once, as Enter may follow the focus: the unit is opened after the module was loaded.
  const click = ({ shiftKey }) => (clicked = !shiftKey);
  const start = ({ startInspector }) => {
    network.canvas.removeEventListener("click", click);
    const inspector = startInspector(network, context);
    if (clicked) inspector.openPinned();
    return inspector;
  };
  const loadOnce = () => (loading ??= load(() => import("../unit_numbers/index.js")).then(start));
  network.canvas.addEventListener("click", click);
  network.canvas.addEventListener("keydown", ({ key }) => key === "Enter" && (clicked = true));
  network.shell.tools.prepend(weightsButton(async () => (await loadOnce()).weights()));
  for (const type of ["pointerenter", "focus"]) network.canvas.addEventListener(type, loadOnce, { once: true });
  const undo = context.store.watch((state) => isNeeded(state, context) && (undo(), loadOnce()));
}

const hasTouch = matchMedia("(any-pointer: coarse)").matches;

/** A run that this page made has no edits but those made here. */
function isNeeded({ run, parametersEditedAt, points, "view:network": frame }, { session }) {
  if (parametersEditedAt) return true;
  const mayHaveEdits = document.body.dataset.runId && !session.made.has(run?.id);
  return run && (mayHaveEdits || points?.image || (hasTouch && frame));
}

const weightsButton = (open) =>
  h("button", { type: "button", class: "chip small", title: t("panel.network.weights.help"), on: { click: open } },
    h("span", { text: t("panel.network.weights.title") }));
