// The list of the bookmarks of a run: a click shows the step; buttons change, copy the link and delete.

import { copyText } from "../core/copying.js";
import { h, iconButton } from "../core/dom.js";
import { t } from "../core/text.js";
import { withAttemptOf } from "./bookmark-form.js";
import { bestBookmark, bookmarkLink, deleteBookmark, putBookmark } from "./bookmarks.js";

/** The rows of all bookmarks, the best point first; `menu` has store, show(bookmark), form and say(text, action). */
export function bookmarkRows(menu) {
  const state = menu.store.get();
  const best = bestBookmark(state);
  return [...(best ? [best] : []), ...state.timeline.bookmarks].map((bookmark) => row(menu, state, bookmark));
}

function row(menu, state, bookmark) {
  const { name, note, automatic } = bookmark;
  const label = automatic ? t("timeline.bookmark.best") : name;
  const show = h("button", {
    type: "button", class: "timeline-row", title: t("timeline.bookmark.show"), on: { click: () => menu.show(bookmark) },
  },
  h("strong", { text: label }), h("span", { text: withAttemptOf(state, bookmark) }),
  note && h("span", { class: "bookmark-note", text: note }));
  const tool = (icon, text, click) => iconButton(icon, text, click, { class: `icon-button bookmark-${icon}` });
  return h("li", { "data-bookmark": name }, show,
    !automatic && tool("edit", t("timeline.bookmark.edit", { name: label }), () => menu.form.edit(bookmark)),
    tool("share", t("timeline.bookmark.copy", { name: label }), () => copyLink(menu, name)),
    !automatic && tool("remove", t("timeline.bookmark.remove", { name: label }), () => remove(menu, bookmark)));
}

async function copyLink({ store, say }, name) {
  const link = bookmarkLink(store.get(), name);
  const isCopied = await copyText(link);
  say(isCopied ? t("timeline.bookmark.copied") : link);
}

/** Deletes a bookmark; the message offers to put it back. */
async function remove({ store, say, form }, bookmark) {
  const { name } = bookmark;
  const restore = () => putBookmark(store, bookmark).then(
    () => say(t("timeline.bookmark.restored", { name })), (error) => say(error.message));
  try {
    await deleteBookmark(store, name);
    if (form.edited?.name === name) form.add();
    say(t("timeline.bookmark.removed", { name }), { text: t("timeline.bookmark.undo"), run: restore });
  } catch (error) {
    say(error.message);
  }
}
