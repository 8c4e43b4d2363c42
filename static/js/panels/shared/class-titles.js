// The names of classes in the frames of views, which are the same for all viewers, in the language of the page.

import { classTitle, dataset } from "./scales.js";

/** A frame with the names of classes in the language of the page; the same frame where they are the same. */
export function withClassTitles(state, frame) {
  const { classes, class_titles: titles } = (state.catalogue && dataset(state)) ?? {};
  if (!frame || !titles || titles.join() === classes.join()) return frame;
  return translated(frame, (text) => classTitle(state, text));
}

function translated(value, title) {
  if (typeof value === "string") return title(value);
  if (Array.isArray(value)) return value.map((part) => translated(part, title));
  if (!value || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, translated(part, title)]));
}
