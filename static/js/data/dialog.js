// The dialog of a person's own data: bring a table, confirm what was understood, use it; and the sets that are there.
// Fetched when it is first opened.

import { api } from "../core/api.js";
import { withChange } from "../studio/form/config-changes.js";
import { h } from "../core/dom.js";
import { restored } from "../studio/orphaned-datasets.js";
import { setPath } from "../core/store.js";
import { exportAddress, putTable, removeTable } from "./calls.js";
import { picturesView, together } from "./images.js";
import { understoodView } from "./import-preview.js";

const ANY = "a table"; // the name under which a table is only looked at
let view = null;

/** Open it, with the files that were dropped somewhere on the page if there are any. */
export function openData(context, files = []) {
  view ??= build(context);
  if (!view.dialog.open) view.dialog.showModal();
  if (files.length) bring(view, files);
  else showSources(view);
}

function build(context) {
  style();
  const body = h("div", { class: "data-body" });
  const status = h("p", { class: "data-status", role: "status" });
  const dialog = h("dialog", { id: "data-dialog", class: "dialog data-dialog", "aria-labelledby": "data-title" },
    h("h2", { id: "data-title", text: "Your data" }), status, body);
  const made = { ...context, dialog, body, status, wishes: {}, source: null, name: "", turn: 0 };
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    const { files } = event.dataTransfer;
    event.preventDefault();
    event.stopPropagation();
    if (files.length) bring(made, [...files]);
  });
  document.body.append(dialog);
  return made;
}

/** Its style sheet comes with it, from beside the others. */
function style() {
  const beside = document.querySelector('link[rel="stylesheet"]').href;
  document.head.append(h("link", { rel: "stylesheet", href: `${beside.slice(0, beside.lastIndexOf("/"))}/data.css` }));
}

// ---- bringing a table

function showSources(view) {
  view.turn += 1;
  say(view, "");
  const file = h("input", { type: "file", id: "data-file", multiple: true, class: "visually-hidden", on: { change: () => file.files.length && bring(view, [...file.files]) } });
  const text = h("textarea", { class: "text data-paste", rows: 5, spellcheck: "false", "aria-label": "Paste a table", placeholder: "length,width,kind\n5.1,3.5,a\n4.9,3.0,b" });
  view.body.replaceChildren(
    h("p", { class: "data-note", text: "A table with a row per example: numbers or text, with what is to be predicted in a column of its own. Or pictures with labels: IDX files (MNIST), pictures and labels chosen together, or a NumPy .npz. All stays on this machine." }),
    h("div", { class: "data-drop" }, file, h("label", { for: "data-file", class: "button", text: "Choose a CSV file or pictures" }), h("span", { text: "or drop it here, or paste it:" })),
    text,
    h("div", { class: "data-buttons" }, closing(view), h("button", { type: "button", class: "button primary", text: "Read it", on: { click: () => text.value.trim() ? take(view, text.value, "") : say(view, "There is nothing to read yet: paste a table, or choose a file.", true) } })),
    ownSets(view));
}

const closing = ({ dialog }) => h("button", { type: "button", class: "button", text: "Close", on: { click: () => dialog.close() } });

function say({ status }, text, wrong = false) {
  status.textContent = text;
  status.classList.toggle("wrong", wrong);
}

/** Files that were chosen or dropped: several are read as one, named after the first. */
const bring = (view, files) => take(view, together(files), files[0].name);

/** A file or a text: read it with nothing decided yet. */
function take(view, source, fileName) {
  const plain = fileName.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N} .()+_-]+/gu, " ").replace(/^[^\p{L}\p{N}]+/u, "").trim().slice(0, 50).trim();
  Object.assign(view, { source, wishes: {}, name: plain || "my data" });
  read(view);
}

async function read(view) {
  const turn = (view.turn += 1);
  say(view, "Reading …");
  try {
    const answer = await putTable(ANY, view.source, { ...view.wishes, dry_run: true });
    if (turn !== view.turn) return;
    say(view, "");
    confirm(view, answer);
  } catch (error) {
    if (turn !== view.turn) return;
    if (!view.body.querySelector(".data-drop, .data-facts")) showSources(view);
    say(view, error.message, true);
  }
}

// ---- confirming

function confirm(view, answer) {
  const name = h("input", { class: "text", type: "text", value: view.name, maxlength: 60, id: "data-name", autocomplete: "off", on: { input: () => (view.name = name.value) } });
  const focused = document.activeElement?.getAttribute("aria-label");
  const wish = (changes) => {
    Object.assign(view.wishes, changes);
    read(view);
  };
  view.body.replaceChildren(...(answer.kind === "pictures" ? picturesView(answer) : understoodView(answer, view.wishes, wish)).flat(2).filter(Boolean),
    h("div", { class: "data-buttons" },
      h("button", { type: "button", class: "button", text: "Another table", on: { click: () => showSources(view) } }),
      h("label", { class: "data-name", for: "data-name" }, h("span", { text: "Name" }), name),
      h("button", { type: "button", class: "button primary", text: "Use this data", disabled: answer.problems.length > 0, on: { click: () => keep(view) } })));
  if (focused) view.body.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}

async function keep(view) {
  say(view, "Keeping it …");
  try {
    const answer = await putTable(view.name.trim(), view.source, view.wishes);
    view.store.set({ catalogue: await api.catalogue() });
    use(view, answer.name, answer.content);
  } catch (error) {
    say(view, error.message, true);
  }
}

function use({ store, actions, dialog }, name, content) {
  const { draft, catalogue } = store.get();
  const next = setPath(withChange(draft, "dataset.name", name, restored(catalogue)), "dataset.content", content);
  // The name may have meant another table until now: nothing of what was chosen for that need fit this one.
  const fresh = draft.dataset.name === name ? { features: null, output_activation: "auto", loss: { name: "auto", delta: null } } : {};
  actions.replace({ ...next, ...fresh });
  dialog.close();
}

// ---- the sets that are there

function ownSets(view) {
  const sets = restored(view.store.get().catalogue).datasets.filter((set) => set.own?.created);
  if (!sets.length) return "";
  const row = (set) => h("li", { class: "data-own" },
    h("span", { class: "data-own-name" }, h("strong", { text: set.name }), ` ${set.task}, ${set.help}`),
    h("button", { type: "button", class: "button small", text: "Use", "aria-label": `Use ${set.name}`, on: { click: () => use(view, set.name, set.own.content) } }),
    saving(set),
    h("button", { type: "button", class: "button small", text: "Delete", "aria-label": `Delete ${set.name}`, on: { click: (event) => remove(view, set, event.target) } }));
  return h("section", {}, h("h3", { text: "Your data sets" }), h("ul", { class: "data-list" }, sets.map(row)));
}

/** Tables are saved as CSV, pictures as they can be brought again. */
function saving({ name, image }) {
  const kind = image ? "npz" : "csv";
  const shown = image ? "npz" : "CSV";
  return h("a", { class: "button small", href: exportAddress(name, kind), download: `${name}.${kind}`, text: `Save ${shown}`, "aria-label": `Save ${name} as ${shown}` });
}

/** The first press asks, the second deletes: runs that use the data keep them, the name is gone. */
async function remove(view, set, button) {
  if (button.textContent === "Delete") {
    button.textContent = "Really delete";
    return;
  }
  try {
    await removeTable(set.name);
    const { catalogue } = view.store.get();
    view.store.set({ catalogue: { ...catalogue, datasets: restored(catalogue).datasets.map((each) => (each === set ? { ...set, own: { content: set.own.content } } : each)) } });
    showSources(view);
    say(view, `“${set.name}” is deleted; runs that use it keep their data.`);
  } catch (error) {
    say(view, error.message, true);
  }
}
