// The drawer of the form: all fields in groups, found by words, with those that differ from the default marked.
// It takes the place of the short form and is wider. Loaded when it is first opened.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { defaultText, defaultValue, isChanged } from "./defaults.js";
import { stoppingControl } from "./early-stopping.js";
import { networkRows } from "./network-rows.js";
import { switchControl, textControl } from "./rare-controls.js";
import { focusField } from "./show-field.js";

const CONTROLS = {
  early_stopping: stoppingControl, switch: switchControl, text: textControl,
};

/** Opens the drawer of a form (form/form.js); its `show(path)` puts the focus on a field; null: on the search. */
export function openDrawer(form) {
  const [opener, field] = [document.activeElement, form.focusedField()];
  const view = { form, rows: [], sets: [], ...head(() => close(), () => search(view)) };
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
  const close = () => {
    form.root.removeEventListener("keydown", onKey);
    view.element.remove();
    toggle(form, null);
    const isThere = opener.isConnected && opener !== document.body;
    (isThere ? opener : (field && form.root.querySelector(field)) || form.opener).focus();
  };
  form.root.addEventListener("keydown", onKey);
  form.root.prepend(view.element);
  toggle(form, {
    controls: CONTROLS,
    arrange: (sets) => arrange(view, sets),
    refresh: (state) => refresh(view, state),
    show: (path) => show(view, path),
  });
  return form.drawer;
}

/** Puts the form into the drawer, or back into its column, whose height it keeps where the page scrolls. */
function toggle(form, drawer) {
  const { root, opener } = form;
  const height = root.parentElement.offsetHeight;
  form.drawer = drawer;
  root.classList.toggle("drawer", Boolean(drawer));
  const isOverPage = getComputedStyle(root).position === "fixed";
  root.parentElement.style.minHeight = isOverPage ? `${height}px` : "";
  opener.hidden = Boolean(drawer);
  setAttribute(opener, "aria-expanded", String(Boolean(drawer)));
  form.redraw();
}

/** Title, button to close, search, and the switch to the changed fields. */
function head(close, update) {
  const label = t("form.all.search");
  const search = h("input", {
    type: "text", role: "searchbox", class: "text", placeholder: label, "aria-label": label, autocomplete: "off",
    spellcheck: "false", on: { input: update },
  });
  const changed = h("button", { type: "button", class: "chip small", "aria-pressed": "false" }, h("span"));
  changed.addEventListener("click", () => {
    setAttribute(changed, "aria-pressed", String(!isOn(changed)));
    update();
  });
  const found = h("p", { class: "drawer-found", role: "status" });
  const element = h("header", { class: "drawer-head" },
    h("h2", { class: "panel-title", text: t("form.all.title") }),
    iconButton("close", t("form.all.close"), close), search, changed, found);
  return { element, search, changed, found };
}

const isOn = (button) => button.getAttribute("aria-pressed") === "true";

/** The elements of the groups, with a button at each field that returns it to its default. */
function arrange(view, sets) {
  const withRows = ({ title, controls, element }) => ({ element, rows: controls.map((one) => row(view, title, one)) });
  view.sets = [...sets.map(withRows), networkRows(view.form.state)];
  view.rows = view.sets.flatMap(({ rows }) => rows);
  filter(view);
  return view.sets.map(({ element }) => element);
}

function row({ form }, title, { field, element }) {
  const button = iconButton("undo", "", () => {
    form.change(field.path, defaultValue(field, form.state), true);
    focusField(form.root, field.path);
  }, { class: "icon-button field-reset", hidden: true });
  (element.querySelector(".field-switch") ?? element).append(button);
  return { field, element, button, text: searchText(title, field) };
}

/** What the search looks at: group, name, explanation, JSON path and options of a field, and those of its parts. */
const searchText = (group, field) => [group, ...wordsOf(field), ...(field.parts ?? []).flatMap(wordsOf)]
  .join(" ").toLowerCase();

const wordsOf = ({ label, help, path, options }) =>
  [label, help, path, ...(options ?? []).flatMap(({ value, title }) => [value, title])];

function search(view) {
  filter(view);
  view.form.body.scrollTop = 0;
}

/** Shows the rows that have all the words and, if only the changed ones are wanted, differ from the default. */
function filter(view) {
  const words = view.search.value.toLowerCase().split(/\s+/);
  const onlyChanged = isOn(view.changed);
  for (const { element, rows } of view.sets) {
    for (const one of rows) {
      one.element.hidden = !words.every((word) => one.text.includes(word))
        || (onlyChanged && !(one.field && isChanged(one.field, view.form.state)));
    }
    element.hidden = rows.every((one) => one.element.hidden);
  }
  const count = view.rows.filter((one) => !one.element.hidden).length;
  const isFiltered = onlyChanged || view.search.value.trim();
  setText(view.found, !isFiltered ? "" : count ? t("form.all.found", { count }) : t("form.all.nothing"));
}

function refresh(view, state) {
  let count = 0;
  for (const { field, element, button } of view.rows.filter((one) => one.field)) {
    const changed = isChanged(field, state);
    count += changed;
    setAttribute(element, "data-changed", changed ? "" : null);
    button.hidden = !changed;
    const label = t("form.all.reset", { field: field.label, value: defaultText(field, state) });
    for (const name of ["aria-label", "title"]) setAttribute(button, name, label);
  }
  setText(view.changed.firstChild, t("form.all.changed", { count }));
}

/** Puts the focus on a field, whatever was searched before, or on the search. */
function show(view, path) {
  if (path === null) return view.search.focus();
  view.search.value = "";
  setAttribute(view.changed, "aria-pressed", "false");
  filter(view);
  if (!focusField(view.form.root, path)) view.search.focus();
}
