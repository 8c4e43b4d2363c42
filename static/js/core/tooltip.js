// The tooltip of canvases and drawings; buttons use their title attribute.

import { h } from "./dom.js";

let tooltip = null;

/** Shows text beside the pointer, with an optional image element below it. */
export function showTooltip({ clientX, clientY }, text, image = "") {
  tooltip ??= document.body.appendChild(h("div", { class: "tooltip", role: "status" }));
  tooltip.replaceChildren(text, image);
  tooltip.hidden = false;
  const { width, height } = tooltip.getBoundingClientRect();
  tooltip.style.left = `${Math.min(clientX + 14, innerWidth - width - 8)}px`;
  tooltip.style.top = `${clientY + 18 + height > innerHeight ? clientY - height - 10 : clientY + 18}px`;
}

export function hideTooltip() {
  if (tooltip) tooltip.hidden = true;
}
