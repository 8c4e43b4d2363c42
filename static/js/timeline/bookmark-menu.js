// The button for bookmarks, and the popover with the form and the list.

import { h, iconButton } from "../core/dom.js";
import { t } from "../core/text.js";
import { bookmarkForm } from "./bookmark-form.js";
import { bookmarkRows } from "./bookmark-list.js";
import { openBookmark } from "./bookmarks.js";
import { addIcons } from "./icons.js";
import { popoverOf, textButton } from "./popover.js";

/** `go(attempt, step)` shows a step. Returns { element, open(), draw(play, state) }. */
export function bookmarkMenu(store, { go }, refuse) {
  addIcons();
  const attributes = { class: "icon-button timeline-bookmarks" };
  const button = iconButton("bookmark", t("timeline.bookmark.title"), () => {}, attributes);
  const menu = createMenu(store);
  const fill = () => menu.list.replaceChildren(...bookmarkRows(menu));
  const popover = popoverOf(button, menu.element, () => {
    menu.form.add();
    fill();
  });
  menu.show = (bookmark) => {
    popover.close();
    openBookmark(store, go, bookmark).catch(refuse);
  };
  const open = () => {
    popover.open();
    menu.form.name.select();
  };
  const update = () => {
    fill();
    popover.place();
  };
  let shown = null;
  const draw = (_, { timeline: { bookmarks } }) => {
    if (shown !== bookmarks && popover.isOpen()) update();
    shown = bookmarks;
  };
  return { element: h("div", { class: "timeline-bookmark" }, button, menu.element), open, draw };
}

function createMenu(store) {
  const message = h("p", { class: "bookmark-message", role: "status" });
  const list = h("ul", { class: "bookmark-list" });
  const say = (text, action) => message.replaceChildren(...messageParts(text, action));
  const form = bookmarkForm(store, say);
  const element = h("div", {
    id: "timeline-bookmarks", class: "menu timeline-menu bookmark-menu", "aria-label": t("timeline.bookmark.list"),
  }, form.element, message, list);
  return { store, say, form, list, element };
}

const messageParts = (text, action) =>
  [text, ...(action ? [" ", textButton(action.text, action.run, { class: "button small bookmark-undo" })] : [])];
