// Names of the axes of a landscape.

import { t } from "../../core/text.js";

/** A weight as the server names it, with indices from 1 instead of 0. */
export function weightName(text) {
  const fromOne = (_, word, index) => `${word === "weight" ? "from" : word} ${Number(index) + 1}`;
  return text.replace(/\b(unit|weight) (\d+)/g, fromOne);
}

/** The names of both axes of a plane. */
export function axisNames({ landscape: kind, axes }) {
  if (kind === "weights") return axes.map(weightName);
  return axes.map((_, i) => t(`panel.loss_landscape.axis.${kind}`, { index: i + 1 }));
}
