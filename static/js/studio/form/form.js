// The form: a control for each of the about eight fields that a newcomer changes, in groups, refreshed from the state.
// Its drawer, which shows all fields and finds one by words, is loaded when it is first opened (studio/drawer).

import { choiceControl, numberControl } from "./controls.js";
import { h, setAttribute } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { t } from "../../core/text.js";
import { formGroups } from "./fields.js";
import { isSchemaOf } from "../problem.js";
import { getPath, runConfig, runWarnings } from "../../core/store.js";
import { thumbnailsControl } from "./thumbnails.js";

const CONTROLS = {
  thumbnails: thumbnailsControl, choice: choiceControl, number: numberControl, input: numberControl,
};

/**
 * A panel for the render loop that keeps `root` equal to the state; every edit calls `change(path, value, final)`.
 * Its `open(path)` opens the drawer at a field, or at its search.
 */
export function createForm(root, change) {
  const body = h("div", { class: "form-body" });
  const opener = h("button", {
    type: "button", class: "button form-opener", "aria-expanded": "false", "aria-controls": root.id,
    text: t("form.all.title"), on: { click: () => open() },
  });
  const view = { root, body, opener, change, focusedField, controls: [], shape: "", state: null, drawer: null };
  const draw = (state) => {
    const { schema, catalogue, draft } = state;
    if (!schema || !catalogue || !draft || !isSchemaOf(schema, draft)) return;
    view.state = state;
    const groups = formGroups(state);
    const shape = shapeOf(groups);
    if (shape !== view.shape) build(Object.assign(view, { shape }), groups);
    refresh(view, state);
  };
  view.redraw = () => {
    view.shape = "";
    draw(view.state);
  };
  const open = async (path = null) => {
    const drawer = view.drawer ?? (await load(() => import("../drawer/index.js"))).openDrawer(view);
    drawer.show(path);
  };
  const needs = ["schema", "catalogue", "draft", "errors", "points", runConfig, runWarnings];
  return { name: "form", needs, draw, open };
}

/** A text that changes when the form must be built again. */
const shapeOf = (groups) => groups.flatMap(({ fields }) => fields)
  .map(({ path, options, maximum }) => path + JSON.stringify(options ?? maximum)).join();

/** Builds the controls of the short form, or of all fields while the drawer is open. */
function build(view, groups) {
  const { root, body, opener, change, drawer, state: { catalogue } } = view;
  const kinds = { ...CONTROLS, ...drawer?.controls };
  const focused = focusedField();
  const controlFor = (field, onChange) => kinds[field.control](field, onChange, { catalogue, controlFor });
  const sets = groups.map(({ title, fields }) => {
    const shown = drawer ? fields : fields.filter(({ control, more }) => !more && control in kinds);
    const controls = shown.map((field) => controlFor(field, (value, final) => change(field.path, value, final)));
    const legend = h("legend", { text: title });
    const elements = controls.map(({ element }) => element);
    const style = { "--fields": String(elements.filter((element) => element.matches(".field")).length) };
    return { title, controls, element: h("fieldset", { class: "group", style }, legend, elements) };
  }).filter(({ controls }) => controls.length);
  view.controls = sets.flatMap(({ controls }) => controls);
  body.replaceChildren(...(drawer?.arrange(sets) ?? sets.map(({ element }) => element)));
  if (!body.isConnected) root.append(body, opener);
  if (focused) root.querySelector(focused)?.focus();
}

/** A selector of the control that has the focus; of several buttons the one focused with the keyboard. */
function focusedField() {
  const { activeElement: active } = document;
  const path = active?.closest?.("[data-field]")?.dataset.field;
  if (!path) return null;
  const { name } = active.dataset;
  const field = `[data-field="${path}"]`;
  const button = name && active.matches(":focus-visible") ? `, ${field} [data-name="${CSS.escape(name)}"]` : "";
  return `${field} [data-main]${button}`;
}

function refresh({ controls, drawer, opener }, state) {
  const { draft, run, errors } = state;
  for (const control of controls) {
    const { path } = control.field;
    const used = run?.config ? getPath(run.config, path) : undefined;
    control.set(getPath(draft, path), used);
    control.setError(errors[path], warningAt(run, path), errors, used);
  }
  drawer?.refresh(state);
  const count = messagesElsewhere(controls, state);
  setAttribute(opener, "data-count", count || null);
  setAttribute(opener, "aria-label", count ? t("form.all.with_messages", { count }) : null);
}

/** The warning at a field once it is composed in the words of the page (warnings.js): it has no code then. */
const warningAt = (run, path) =>
  run?.warnings?.find(({ field, code }) => !code && (field === path || `${field}.name` === path))?.message;

/** The number of rejected values and warnings at fields that only the drawer shows. */
function messagesElsewhere(controls, { run, errors, schema }) {
  const shown = new Set(controls.map(({ field }) => field.path));
  const paths = [...Object.keys(errors), ...(run?.warnings ?? []).map(({ field }) => field)];
  const isElsewhere = (path) => ![path, `${path}.name`].some((name) => shown.has(name));
  return new Set(paths.filter((path) => isElsewhere(path) && !isInNetwork(path, schema))).size;
}

const isInNetwork = (path, { properties }) => properties[path.split(".")[0]]?.group === "elsewhere";
