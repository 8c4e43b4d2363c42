// Icons of the menus of the time line, added to those of the page when it is loaded.

import { ICONS } from "../core/icons.js";

const line = (d) =>
  `<path d="${d}" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"/>`;

/** Makes the icons available to `icon(name)`. */
export const addIcons = () => Object.assign(ICONS, {
  bookmark: line("M5.5 3.5h9v13L10 12.8l-4.5 3.7z"),
  edit: line("M4 16l.8-3.4L13.4 4l2.6 2.6-8.6 8.6zM11.8 5.6l2.6 2.6"),
  remove: line("M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v5M11.5 9v5"),
});
