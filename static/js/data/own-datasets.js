// The list of imported data sets in the dialog: use, save and delete them.

import { withChange } from "../studio/form/with-change.js";
import { h } from "../core/dom.js";
import { setPath } from "../core/store.js";
import { t } from "../core/text.js";
import { restored } from "../studio/orphaned-datasets.js";
import { deleteDataset, exportPath, readSource } from "./calls.js";

const AUTOMATIC = { features: null, output_activation: "auto", loss: { name: "auto", delta: null } };

/** The list, or "" if there is none; `refresh(message)` shows the dialog again, `fail(message)` an error,
 * `edit(name, file, options)` the preview of its file. */
export function ownDatasets(view, { refresh, fail, edit }) {
  const sets = restored(view.store.get().catalogue).datasets.filter((set) => set.own?.created);
  if (!sets.length) return "";
  const remove = (set) => deleteDataset(set.name).then(() => {
    markAsOrphaned(view.store, set);
    refresh(t("data.own.deleted", { name: set.name }));
  }, (error) => fail(error.message));
  return h("section", {}, h("h3", { text: t("data.own.title") }),
    h("ul", { class: "data-list" }, sets.map((set) =>
      row(view, set, { remove: () => remove(set), edit: () => reread(set, edit, fail) }))));
}

/** Opens the preview of a data set with the file and the options of its import. */
const reread = ({ name }, edit, fail) =>
  readSource(name).then(({ file, options }) => edit(name, file, options), (error) => fail(error.message));

function row(view, set, { remove, edit }) {
  const { name, task, help, own } = set;
  return h("li", { class: "data-own" },
    h("span", { class: "data-own-name" }, h("strong", { text: name }),
      own.damaged ? ` ${t("data.own.damaged")}` : ` ${t(`data.task.${task}`)}, ${help}`),
    ...(own.damaged ? [] : [
      button(t("data.own.use"), t("data.own.use_label", { name }), () => useDataset(view, name, own.content)),
      ...(set.image ? [] : [button(t("data.own.edit"), t("data.own.edit_label", { name }), edit)]),
      saveLink(set),
    ]),
    deleteButton(name, remove));
}

export const button = (text, label, click) =>
  h("button", { type: "button", class: "button small", text, "aria-label": label, on: { click } });

/** Tables are saved as CSV, images as an .npz file that can be imported again. */
function saveLink({ name, image }) {
  const format = image ? "npz" : "csv";
  const formatTitle = image ? "npz" : "CSV";
  return h("a", {
    class: "button small", href: exportPath(name, format), download: `${name}.${format}`,
    text: t("data.own.save", { format: formatTitle }),
    "aria-label": t("data.own.save_label", { name, format: formatTitle }),
  });
}

/** The first click asks for confirmation, the second deletes. */
export function deleteButton(name, remove) {
  const element = button(t("data.own.delete"), t("data.own.delete_label", { name }), () => {
    if (element.dataset.confirm) return remove();
    element.dataset.confirm = true;
    element.textContent = t("page.confirm_deletion");
    element.ariaLabel = t("data.own.confirm_label", { name });
  });
  return element;
}

/** Updates the catalogue after a deletion: the runs that use the data keep them. */
function markAsOrphaned(store, deleted) {
  const { catalogue } = store.get();
  const orphaned = { ...deleted, own: { content: deleted.own.content } };
  const datasets = restored(catalogue).datasets.map((set) => (set === deleted ? orphaned : set));
  store.set({ catalogue: { ...catalogue, datasets } });
}

/** Sets the data set of the configuration. */
export function useDataset({ store, actions, dialog }, name, content) {
  const { draft, catalogue } = store.get();
  const next = setPath(withChange(draft, "dataset.name", name, restored(catalogue)), "dataset.content", content);
  // If the name belonged to other data before, the settings may not fit the new data.
  actions.replace({ ...next, ...(draft.dataset?.name === name ? AUTOMATIC : {}) });
  dialog.close();
}
