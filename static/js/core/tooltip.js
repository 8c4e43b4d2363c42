// One tooltip for what canvases show; buttons use their own title.

import { h } from "./dom.js";

let bubble = null;

/** Show lines of text beside the pointer, and a picture under them if there is one. */
export function showTooltip({ clientX, clientY }, text, picture = "") {
  bubble ??= document.body.appendChild(h("div", { class: "tooltip", role: "status" }));
  bubble.replaceChildren(text, picture);
  bubble.hidden = false;
  const { width, height } = bubble.getBoundingClientRect();
  bubble.style.left = `${Math.min(clientX + 14, innerWidth - width - 8)}px`;
  bubble.style.top = `${clientY + 18 + height > innerHeight ? clientY - height - 10 : clientY + 18}px`;
}

export function hideTooltip() {
  if (bubble) bubble.hidden = true;
}
