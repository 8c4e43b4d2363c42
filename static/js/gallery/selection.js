// Several runs are selected on their cards, and compared, paused, resumed, tagged or deleted together.

import { h, setAttribute, setText } from "../core/dom.js";
import { t } from "../core/text.js";

const COMPARED = [2, 8]; // the least and the most runs that are compared

/**
 * `box(card)` is the checkbox of a card, `element` the bar with the number of selected runs, `forget(card)` is called
 * when a card was removed. `shown()` returns the cards that can be selected together, `remove(card)` deletes a run,
 * `command(card, name)` pauses or starts it, `tag(card, tag)` adds a tag.
 */
export function gallerySelection({ shown, remove, command, tag }) {
  const boxes = new Map(); // card to its checkbox
  const selected = () => [...boxes.keys()].filter((card) => boxes.get(card).checked);
  const bar = selectionBar({
    all: () => setAll(shown(), true),
    none: () => setAll(selected(), false),
    remove: () => each(remove),
    command: (name) => each((card) => command(card, name)),
    tag: (name) => each((card) => tag(card, name)),
  });
  // What is refused of some runs is shown once, after the others were changed.
  const each = async (act) => {
    const results = await Promise.allSettled(selected().map(act));
    bar.say(results.find(({ reason }) => reason)?.reason.message ?? "");
  };
  const change = () => bar.show(selected());
  const setAll = (cards, value) => {
    for (const card of cards) boxes.get(card).checked = value;
    change();
  };
  return {
    element: bar.element,
    box: (card) => boxes.set(card, checkbox(card, change)).get(card),
    forget(card) {
      boxes.delete(card);
      change();
    },
  };
}

function checkbox({ title }, change) {
  const label = t("gallery.select", { title });
  const attributes = { type: "checkbox", class: "run-select", "aria-label": label, title: label };
  return h("input", { ...attributes, on: { change } });
}

/** The number of selected runs with the buttons for all of them; hidden without one. */
function selectionBar({ all, none, remove, command, tag }) {
  const number = h("span", { role: "status" });
  const button = (text, click) => h("button", { type: "button", class: "button small", text, on: { click } });
  const buttons = [
    button(t("gallery.select_all"), all), button(t("gallery.resume_selected"), () => command("start")),
    button(t("gallery.pause_selected"), () => command("pause")), tagForm(tag), confirmed(remove),
    button(t("gallery.select_none"), none),
  ];
  const error = h("p", { class: "run-tag-error", role: "alert" });
  const compare = h("a", { class: "button small", text: t("gallery.compare") });
  const element = h("div", { class: "gallery-selection", hidden: true }, number, compare, buttons, error);
  const show = (cards) => {
    element.hidden = cards.length === 0;
    if (!cards.length) return;
    setText(number, t("gallery.selected", { count: cards.length }));
    const [least, most] = COMPARED;
    const isPossible = cards.length >= least && cards.length <= most;
    setAttribute(compare, "href", isPossible && `/compare?runs=${cards.map((card) => card.run().id).join(",")}`);
    setAttribute(compare, "aria-disabled", !isPossible);
    setAttribute(compare, "role", isPossible ? null : "link");
    setAttribute(compare, "title", isPossible ? t("gallery.compare_help") : t("gallery.compare_limit"));
  };
  return { element, show, say: (text) => setText(error, text) };
}

/** The field and the button that add a tag to all selected runs. */
function tagForm(tag) {
  const [label, maxlength] = [t("gallery.tags.new"), 40];
  const field = h("input", { class: "text", maxlength, "aria-label": label, placeholder: label });
  const submit = (event) => {
    event.preventDefault();
    if (!field.value.trim()) return field.focus();
    tag(field.value.trim());
    field.value = "";
  };
  const button = h("button", { class: "button small", text: t("gallery.tags.add") });
  return h("form", { class: "gallery-tag-form changes", on: { submit } }, field, button);
}

/** A button that acts at the second click; losing the focus cancels. */
function confirmed(act) {
  const set = (value) => {
    confirming = value;
    button.classList.toggle("confirming", value);
    button.title = t("gallery.delete_help");
    setText(button, value ? t("page.confirm_deletion") : t("gallery.delete_selected"));
  };
  const click = ({ detail }) => {
    if (detail > 1) return; // a double click does not confirm
    const acts = confirming;
    set(!acts);
    button.focus();
    if (acts) act();
  };
  const button = h("button", { type: "button", class: "button small", on: { click, blur: () => set(false) } });
  let confirming = false;
  set(false);
  return button;
}
