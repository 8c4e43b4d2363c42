// The icons of branches, loaded with them.

import { h } from "../core/dom.js";

const line = (d) => `<path d="${d}" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"/>`;
const dot = (x, y) => `<circle cx="${x}" cy="${y}" r="1.9" fill="currentColor"/>`;

/** A line from which another one branches off. */
export const branchIcon = () =>
  iconOf(line("M5.5 3.4v13.2M5.5 12.4c0-4.2 9-2.4 9-6.6") + dot(5.5, 3.6) + dot(5.5, 16.4) + dot(14.5, 4.6));

/** A node with two nodes below it. */
export const treeIcon = () => iconOf(line("M10 5.5v4M5 14.5v-5h10v5") + dot(10, 4.4) + dot(5, 15.6) + dot(15, 15.6));

/** A clock, for what was shown before. */
export const clockIcon = () => iconOf(line("M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM10 6.2v4l2.8 1.8"));

/** Hidden from screen readers, because the control around it has a label. */
function iconOf(content) {
  const box = h("span", { class: "branch-icon", "aria-hidden": "true" });
  box.innerHTML = `<svg class="icon" viewBox="0 0 20 20">${content}</svg>`;
  return box;
}
