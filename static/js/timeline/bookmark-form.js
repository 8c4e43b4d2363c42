// The form that puts a bookmark at a step, and that changes the name and the note of one.

import { h, setText } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { shownAttempt, withAttempt } from "./attempts.js";
import { changeBookmark, freeName, putBookmark } from "./bookmarks.js";
import { textButton } from "./popover.js";

const MAX_NAME = 60;
const MAX_NOTE = 1000;

/** `say(text)` shows a message. Returns { element, add(), edit(bookmark) }, which show what the form is for. */
export function bookmarkForm(store, say) {
  const title = h("h3", {});
  const field = (text, maxlength) => h("input", {
    type: "text", class: "text", maxlength, autocomplete: "off", "aria-label": text, placeholder: text,
  });
  const name = field(t("timeline.bookmark.name"), MAX_NAME);
  const note = field(t("timeline.bookmark.note"), MAX_NOTE);
  const save = h("button", { type: "submit", class: "button small bookmark-save" });
  const cancel = textButton(t("timeline.bookmark.cancel"), () => form.add());
  const element = h("form", { class: "bookmark-form" }, title, name, note, h("div", {}, save, cancel));
  const form = { store, say, element, title, name, note, save, cancel, place: null, edited: null };
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form);
  });
  form.add = () => prepare(form, null, placeOf(store.get()));
  form.edit = (bookmark) => {
    prepare(form, bookmark, bookmark);
    name.select();
  };
  return form;
}

/** The shown step, or the newest one, which stays that of the form while the training goes on. */
function placeOf(state) {
  const { step } = state.timeline.play;
  return { attempt: shownAttempt(state), step: step ?? state.run.step, name: null, note: "" };
}

function prepare(form, edited, place) {
  const state = form.store.get();
  Object.assign(form, { edited, place });
  const at = withAttemptOf(state, place);
  setText(form.title, edited ? t("timeline.bookmark.edit_title", { at }) : t("timeline.bookmark.add_title", { at }));
  setText(form.save, edited ? t("timeline.bookmark.save") : t("timeline.bookmark.add"));
  form.cancel.hidden = !edited;
  form.name.value = edited?.name ?? freeName(state, t("timeline.bookmark.default_name", { step: place.step }));
  form.note.value = place.note;
  form.say("");
}

/** "attempt 2 of 3 · step 1,860" */
export const withAttemptOf = (state, { attempt, step }) =>
  withAttempt(state, t("timeline.step", { step: integer(step) }), attempt);

async function submit(form) {
  const { store, edited, place, say } = form;
  const name = form.name.value.trim();
  const note = form.note.value.trim();
  const isTaken = name !== edited?.name && store.get().timeline.bookmarks.some((other) => other.name === name);
  if (isTaken) return say(t("timeline.bookmark.taken", { name }));
  form.save.disabled = true;
  try {
    if (edited) await changeBookmark(store, edited, { name, note });
    else await putBookmark(store, { ...place, name, note });
    form.add();
    say(t("timeline.bookmark.saved", { name }));
  } catch (error) {
    say(error.message);
  }
  form.save.disabled = false;
}
