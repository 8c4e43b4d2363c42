// The import dialog: select files or paste a table, correct the preview, use the data. Loaded when first opened.

import { api } from "../core/api.js";
import { h } from "../core/dom.js";
import { loadStyleSheet } from "../core/style-sheet.js";
import { t } from "../core/text.js";
import { importDataset } from "./calls.js";
import { choicesOfRefused } from "./choices.js";
import { foundSection } from "./found-tables.js";
import { imagesPreview, oneBody } from "./images.js";
import { tablePreview } from "./import-preview.js";
import { keptElements, placeChildren } from "./kept-elements.js";
import { freeName, nameField } from "./names.js";
import { ownDatasets, useDataset } from "./own-datasets.js";
import { firstLines, isText } from "./source-lines.js";

const PREVIEW = "a table"; // the name in dry runs, which store nothing
let opened = null;

/** Opens the dialog; `files` were dropped on the page. */
export function openData(context, files = []) {
  opened ??= build(context);
  if (!opened.dialog.open) opened.dialog.showModal();
  if (files.length) importFiles(opened, files);
  else showSources(opened);
}

/** The dialog and its state: `source` (file or text), `name`, `options` of the import, number of the last `request`. */
function build(context) {
  loadStyleSheet("data");
  const body = h("div", { class: "data-body" });
  const status = h("p", { class: "data-status", role: "status" });
  const dialog = h("dialog", { id: "data-dialog", class: "dialog data-dialog", "aria-labelledby": "data-title" },
    h("h2", { id: "data-title", text: t("data.title") }), status, body);
  const view = { ...context, dialog, body, status, options: {}, source: null, name: "", request: 0 };
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    const { files } = event.dataTransfer;
    event.preventDefault();
    event.stopPropagation();
    if (files.length) importFiles(view, [...files]);
  });
  document.body.append(dialog);
  return view;
}

function showStatus({ status }, text, isError = false) {
  status.textContent = text;
  status.classList.toggle("wrong", isError);
  if (isError) status.scrollIntoView({ block: "nearest" });
}

// ---- the source

function showSources(view) {
  view.request += 1;
  showStatus(view, "");
  const text = pasteField();
  const preview = () =>
    (text.value.trim() ? startImport(view, text.value, "") : showStatus(view, t("data.source.empty"), true));
  const answers = {
    refresh: (message) => {
      showSources(view);
      showStatus(view, message);
    },
    fail: (message) => showStatus(view, message, true),
    edit: (name, file, options) => {
      Object.assign(view, { source: file, options, name, edited: name, keep: keptElements() });
      updatePreview(view);
    },
  };
  view.body.replaceChildren(
    h("p", { class: "data-note", text: t("data.source.help") }), fileChoice(view), text,
    h("div", { class: "data-buttons" },
      button(t("page.close"), () => view.dialog.close()),
      button(t("data.preview.title"), preview, { id: "data-preview", class: "button primary" })),
    ownDatasets(view, answers),
    foundSection({ ...answers, add: (file, name) => startImport(view, file, name) }));
}

const button = (text, click, attributes = {}) =>
  h("button", { type: "button", class: "button", ...attributes, text, on: { click } });

const pasteField = () => h("textarea", {
  class: "text data-paste", rows: 5, spellcheck: "false", "aria-label": t("data.source.paste"),
  placeholder: `${t("data.source.example_header")}\n5.1,3.5,a\n4.9,3.0,b`,
});

function fileChoice(view) {
  const file = h("input", { type: "file", id: "data-file", multiple: true, class: "visually-hidden" });
  file.addEventListener("change", () => file.files.length && importFiles(view, [...file.files]));
  const label = h("label", { for: "data-file", class: "button", text: t("data.source.choose") });
  return h("div", { class: "data-drop" }, file, label, h("span", { text: t("data.source.or") }));
}

/** Imports selected or dropped files; several are imported as one, named after the first. */
const importFiles = (view, files) => startImport(view, oneBody(files), files[0].name);

/** Shows the preview of a file or a text; all options are detected. */
function startImport(view, source, fileName) {
  const name = freeName(view.store.get().catalogue, fileName);
  Object.assign(view, { source, options: {}, name, edited: "", keep: keptElements() });
  updatePreview(view);
}

async function updatePreview(view) {
  const request = (view.request += 1);
  showStatus(view, t("data.preview.loading"));
  try {
    const answer = await importDataset(PREVIEW, view.source, { ...view.options, dry_run: true });
    if (request !== view.request) return;
    showStatus(view, "");
    showPreview(view, answer);
  } catch (error) {
    const hasLines = error.status === 422 && await isText(view.source);
    if (request !== view.request) return;
    if (hasLines) showRefused(view, error);
    else if (!view.body.querySelector(".data-drop, .data-facts")) showSources(view);
    showStatus(view, error.message, true);
  }
}

/** A file that could not be read: its first lines, and the controls to read it in another way. */
function showRefused(view, error) {
  const change = changeOf(view);
  const row = Number(/^rows\.(\d+)/.exec(error.field ?? "")?.[1]) || null;
  view.body.replaceChildren(
    h("div", { class: "data-choices" }, choicesOfRefused(view.options, change)), firstLines(view.source, row),
    h("div", { class: "data-buttons" }, button(t("data.other_source"), () => showSources(view)),
      button(t("data.start_over"), () => startImport(view, view.source, view.name))));
}

// ---- the preview

function showPreview(view, answer) {
  const focused = document.activeElement?.getAttribute("aria-label");
  const preview = answer.kind === "pictures"
    ? imagesPreview(answer) : tablePreview(answer, view.source, view.options, changeOf(view), view.keep);
  const buttons = previewButtons(view, answer.problems.length > 0);
  placeChildren(view.body, [...preview.flat(2).filter(Boolean), buttons]);
  if (focused) view.body.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** A function that imports the file again with changed options. */
const changeOf = (view) => (options) => {
  Object.assign(view.options, options);
  updatePreview(view);
};

function previewButtons(view, hasProblems) {
  const { field, note } = nameField(view);
  return h("div", { class: "data-buttons" }, note, button(t("data.other_source"), () => showSources(view)), field,
    button(t("data.use"), () => store(view), { id: "data-use", class: "button primary", disabled: hasProblems }));
}

/** Stores the data under their name and uses them. */
async function store(view) {
  showStatus(view, t("data.storing"));
  try {
    const { name, content } = await importDataset(view.name.trim(), view.source, view.options);
    view.store.set({ catalogue: await api.catalogue() });
    useDataset(view, name, content);
  } catch (error) {
    showStatus(view, error.message, true);
  }
}
