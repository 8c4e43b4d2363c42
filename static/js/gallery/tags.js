// The tags of a run on its card, and the field in which they are edited.

import { api } from "../core/api.js";
import { h, iconButton, setAttribute, setText } from "../core/dom.js";
import { same } from "../core/store.js";
import { t } from "../core/text.js";

/** The tags in a text that separates them by commas, each once. */
export const tagsOf = (text) => [...new Set(text.split(",").map((tag) => tag.trim()).filter(Boolean))];

/** Returns { element, tags(), save(tags) }; `save` throws what the API refuses, `changed` is called after a change. */
export function runTags(run, title, changed) {
  let tags = run.config.tags ?? [];
  const text = h("span", { class: "run-tag-list" });
  const show = () => text.replaceChildren(...tags.map((tag) => h("span", { class: "run-tag", text: tag })));
  const save = async (wanted) => {
    if (same(wanted, tags)) return;
    tags = (await api.change(run.id, { tags: wanted })).config.tags;
    show();
    changed();
  };
  const editor = tagEditor(title, { tags: () => tags, save, text });
  show();
  return { element: h("div", { class: "run-tags" }, text, editor), tags: () => tags, save };
}

/** The button that opens the field, the field, and the line that says what was refused. */
function tagEditor(title, { tags, save, text }) {
  const label = t("gallery.tags.label", { title });
  const field = h("input", { class: "text", "aria-label": label, placeholder: t("gallery.tags.hint"), hidden: true });
  const error = h("p", { class: "run-line run-tag-error", role: "alert", hidden: true });
  const name = t("gallery.tags.edit", { title });
  const edit = iconButton("plus", name, () => open(), { class: "icon-button run-tag-edit" });
  const say = (message) => {
    error.hidden = !message;
    setText(error, message);
    setAttribute(field, "aria-invalid", message ? "true" : null);
  };
  const setOpen = (value) => {
    field.hidden = !value;
    text.hidden = edit.hidden = value;
    say("");
  };
  const open = () => {
    setOpen(true);
    field.value = tags().join(", ");
    field.focus();
  };
  const keep = () => save(tagsOf(field.value)).then(() => setOpen(false), ({ message }) => say(message));
  field.addEventListener("blur", () => field.hidden || keep());
  field.addEventListener("keydown", ({ key }) => {
    if (key !== "Enter" && key !== "Escape") return;
    if (key === "Escape") field.value = tags().join(", ");
    keep().then(() => field.hidden && edit.focus());
  });
  return [field, edit, error];
}
