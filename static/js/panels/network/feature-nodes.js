// The buttons over the input column: one for each feature that the data offer, which adds or removes it.

import { h, setAttribute } from "../../core/dom.js";
import { feature } from "../../core/formats.js";
import { t } from "../../core/text.js";

/** `show(section, layout, features)` puts the buttons over the column; `features`: those of the draft, or null. */
export function featureNodes({ change, hover, keep }) {
  const element = h("div", { class: "feature-nodes", role: "group", "aria-label": t("panel.network.feature.group") });
  let [buttons, column] = [new Map(), null];
  const isOn = (button) => button.ariaPressed === "true";
  const unitOf = (name) => ({ layer: -1, unit: column.active.indexOf(name) });
  const toggle = (name, keeps) => {
    if (keeps && column.active.includes(name)) return keep(unitOf(name));
    const chosen = [...buttons.keys()].filter((other) => (other === name) !== isOn(buttons.get(other)));
    if (chosen.length) change("features", chosen, true);
  };
  const listeners = (name) => ({
    click: ({ shiftKey }) => toggle(name, shiftKey),
    pointermove: () => column.active.includes(name) && hover(unitOf(name)),
    pointerleave: () => hover(null),
  });
  const node = (name) => h("button", { type: "button", "aria-label": feature(name), on: listeners(name) });
  const show = (section, layout, features) => {
    [column] = layout.columns;
    const names = column?.nodes ?? [];
    section.classList.toggle("has-nodes", names.length > 0);
    if (names.join() !== [...buttons.keys()].join()) {
      buttons = new Map(names.map((name) => [name, node(name)]));
      element.replaceChildren(...buttons.values());
    }
    const chosen = features ?? column?.active;
    names.forEach((name, row) => place(buttons.get(name), name, layout, row, chosen));
  };
  return { element, show };
}

function place(button, name, { top, columns: [{ x, tile, step, first }] }, row, chosen) {
  const pressed = chosen.includes(name);
  const isLast = pressed && chosen.length === 1;
  setAttribute(button, "aria-pressed", String(pressed));
  setAttribute(button, "aria-disabled", isLast);
  const text = isLast ? t("panel.network.feature.last") : t("panel.network.feature.help", { name: feature(name) });
  setAttribute(button, "title", text);
  const [width, y] = [x + tile / 2 + 3, top + first + step * row];
  Object.assign(button.style, { width: `${width}px`, top: `${y}px`, height: `${step}px` });
}
