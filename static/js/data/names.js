// Names of own data sets: a free one, the field for it, and what becomes of data that have this name already.

import { h, setText } from "../core/dom.js";
import { t } from "../core/text.js";
import { restored } from "../studio/orphaned-datasets.js";

const MAX_NAME = 60; // as the server has it
const MAX_PROPOSED = 50;

/** A name that the server accepts: without the extension, starting with a letter or a digit, and not in use. */
export function freeName(catalogue, fileName) {
  const name = fileName.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N} .()+_-]+/gu, " ")
    .replace(/^[^\p{L}\p{N}]+/u, "").trim().slice(0, MAX_PROPOSED).trim() || t("data.default_name");
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? "" : ` ${number}`;
    const candidate = name + end;
    if (!findSet(catalogue, candidate)) return candidate;
  }
}

/** The data set that has a name, unless its data are damaged: these are imported again under their name. */
function findSet(catalogue, name) {
  const set = restored(catalogue).datasets.find((each) =>
    (each.own ? each.own.created && each.name === name : each.name === name.toLowerCase()));
  return set?.own?.damaged ? undefined : set;
}

/**
 * The field for the name, and the sentence below it: { field, note }. `view` has the `name`, and `edited`, the name of
 * the data set that is read again, which is replaced on purpose.
 */
export function nameField(view) {
  const attributes = { class: "text", type: "text", maxlength: MAX_NAME, id: "data-name", autocomplete: "off" };
  const input = h("input", { ...attributes, value: view.name, "aria-describedby": "data-name-note" });
  const note = h("p", { id: "data-name-note", class: "data-name-note", role: "status" });
  const show = () => setText(note, noteOf(view));
  input.addEventListener("input", () => {
    view.name = input.value;
    show();
  });
  show();
  const label = h("span", { text: t("data.name") });
  return { field: h("label", { class: "data-name", for: "data-name" }, label, input), note };
}

function noteOf({ name, edited, store }) {
  const set = findSet(store.get().catalogue, name.trim());
  if (!set || set.name === edited) return "";
  return set.own ? t("data.name_replaces", { name: set.name }) : t("data.name_built_in", { name: set.name });
}
