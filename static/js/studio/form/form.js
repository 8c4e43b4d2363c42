// The form: one control for each field of the schema, in groups, refreshed from the state.

import { choiceControl, numberControl, switchControl, textControl } from "./controls.js";
import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { formGroups } from "./fields.js";
import { isSchemaOf } from "../problem.js";
import { getPath, runConfig, runWarnings } from "../../core/store.js";
import { stoppingControl } from "./early-stopping.js";
import { thumbnailsControl } from "./thumbnails.js";

const CONTROLS = {
  thumbnails: thumbnailsControl, early_stopping: stoppingControl, choice: choiceControl,
  switch: switchControl, text: textControl, number: numberControl, input: numberControl,
};

/** A panel for the render loop that keeps `root` equal to the state; every edit calls `change(path, value, final)`. */
export function createForm(root, change) {
  let builtShape = "";
  let controls = [];
  return {
    name: "form",
    needs: ["schema", "catalogue", "draft", "errors", runConfig, runWarnings],
    draw(state) {
      const { schema, catalogue, draft } = state;
      if (!schema || !catalogue || !draft || !isSchemaOf(schema, draft)) return;
      const groups = formGroups(state);
      const shape = shapeOf(groups);
      if (shape !== builtShape) {
        builtShape = shape;
        controls = build(root, groups, change, catalogue);
      }
      refresh(controls, state);
    },
  };
}

/** A text that changes when the form must be built again. */
const shapeOf = (groups) => groups.flatMap(({ fields, more }) => [...fields, ...more])
  .map(({ path, options, maximum }) => path + JSON.stringify(options ?? maximum)).join();

function build(root, groups, change, catalogue) {
  const open = new Set([...root.querySelectorAll("details[open]")].map((details) => details.dataset.group));
  const focused = focusedField();
  const controls = [];
  const make = (field) => {
    const control = controlFor(field, (value, final) => change(field.path, value, final), catalogue);
    controls.push(control);
    return control.element;
  };
  root.replaceChildren(...groups.map(({ name, title, fields, more }) =>
    h("fieldset", { class: "group" }, h("legend", { text: title }), fields.map(make),
      more.length > 0 && disclosure(name, title, more.map(make), open.has(name)))));
  if (focused) root.querySelector(focused)?.focus();
  return controls;
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

const disclosure = (name, title, children, open) => h("details", { "data-group": name, open },
  h("summary", { "aria-label": t("form.more.label", { group: title }) }, h("span", { text: t("form.more.title") })),
  children);

const controlFor = (field, onChange, catalogue) => CONTROLS[field.control](field, onChange, { catalogue, controlFor });

function refresh(controls, { draft, run, errors }) {
  for (const control of controls) {
    const { path } = control.field;
    const used = run?.config ? getPath(run.config, path) : undefined;
    control.set(getPath(draft, path), used);
    control.setError(errors[path], warningAt(run, path), errors, used);
  }
}

const warningAt = (run, path) =>
  run?.warnings?.find(({ field }) => field === path || `${field}.name` === path)?.message;
