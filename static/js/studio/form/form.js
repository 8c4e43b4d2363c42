// The form: one control per field the server describes, grouped by question, refreshed from the state.

import { isLive } from "./config-changes.js";
import { chipsControl, choiceControl, numberControl, switchControl, textControl } from "./controls.js";
import { h } from "../../core/dom.js";
import { formGroups } from "./fields.js";
import { describes, sourceOf } from "../problem.js";
import { feature } from "../../core/formats.js";
import { getPath, runConfig, runWarnings } from "../../core/store.js";
import { stoppingControl } from "./early-stopping.js";
import { thumbnailsControl } from "./thumbnails.js";

/** Slider ranges where the allowed range is far wider than the useful one; typing may go beyond. */
const SLIDERS = {
  "optimizer.learning_rate": [1e-5, 3], l1: [0, 0.3], l2: [0, 0.3], batch_size: [1, 1024], epochs: [1, 1000000], "dataset.samples": [20, 2000],
  "dataset.noise": [0, 0.5], "optimizer.weight_decay": [0, 0.3], "optimizer.clip_norm": [0.01, 100], "dataset.classes": [2, 8],
  episodes: [2, 128], beginnings: [1, 32], discount: [0.9, 1], entropy_bonus: [0, 0.3],
};
const PLAIN = /seed$|epsilon$/;
const DECADES = /^l[12]$|weight_decay$|^entropy_bonus$/;

/** A panel-like thing that keeps `root` in step with the state; `change(path, value, final)` is called for every edit. */
export function createForm(root, change) {
  let shape = "";
  let controls = [];
  return {
    name: "form",
    needs: ["schema", "catalogue", "wanted", "errors", "points", runConfig, runWarnings],
    draw(state) {
      const { schema, catalogue, wanted } = state;
      if (!schema || !catalogue || !wanted || !describes(schema, wanted)) return;
      const groups = formGroups(schema, catalogue, wanted).map((group) => withMeaning(group, state));
      const now = groups.map((group) => [...group.fields, ...group.more].map((field) => field.path + JSON.stringify(field.options ?? field.maximum))).join();
      if (now !== shape) {
        shape = now;
        controls = build(root, groups, change, catalogue);
      }
      refresh(controls, state);
    },
  };
}

function withMeaning(group, { catalogue, wanted, live, points }) {
  const complete = (field) => {
    const [sliderMinimum, sliderMaximum] = SLIDERS[field.path] ?? [];
    const source = sourceOf(catalogue, wanted);
    const options = field.kind === "features"
      ? offered(source, points).map((each) => ({ value: each.name, title: feature(each.name), help: each.title })) : field.options;
    return { ...field, options, live: isLive(field.path, live), slider: PLAIN.test(field.path) ? false : undefined, log: DECADES.test(field.path),
      sliderMinimum, sliderMaximum: sliderMaximum && Math.min(sliderMaximum, field.maximum ?? Infinity) };
  };
  return { ...group, fields: group.fields.map(complete), more: group.more.map(complete) };
}

/** Inputs to choose from; what a world shows depends on its numbers, so there the run knows best. */
const offered = (source, points) => (source?.actions && points ? points.inputs.map((name) => ({ name, title: name })) : source?.features ?? []);

function build(root, groups, change, catalogue) {
  const open = new Set([...root.querySelectorAll("details[open]")].map((each) => each.dataset.group));
  const active = document.activeElement;
  const focused = active?.closest?.("[data-field]")?.dataset.field;
  // Of several buttons the one that was chosen with the keys.
  const one = active?.dataset.name && active.matches(":focus-visible") ? `, [data-field="${focused}"] [data-name="${CSS.escape(active.dataset.name)}"]` : "";
  const controls = [];
  const make = (field) => {
    const control = controlFor(field, (value, final) => change(field.path, value, final), catalogue);
    controls.push(control);
    return control.element;
  };
  root.replaceChildren(...groups.filter(({ fields, more }) => fields.length + more.length).map(({ name, fields, more }) =>
    h("fieldset", { class: "group" }, h("legend", { text: name }), fields.map(make), more.length > 0 && disclosure(name, more.map(make), open.has(name)))));
  if (focused) root.querySelector(`[data-field="${focused}"] [data-main]${one}`)?.focus();
  return controls;
}

function disclosure(name, children, open) {
  return h("details", { "data-group": name, open }, h("summary", {}, h("span", { text: "More" }), h("span", { class: "visually-hidden", text: ` about ${name.toLowerCase()}` })), children);
}

function controlFor(field, onChange, catalogue) {
  if (field.kind === "dataset") return thumbnailsControl(field, onChange, catalogue);
  if (field.kind === "features") return chipsControl(field, onChange);
  if (field.kind === "early_stopping") return stoppingControl(field, onChange);
  if (field.kind === "choice") return choiceControl(field, onChange);
  if (field.kind === "switch") return switchControl(field, onChange);
  return field.kind === "text" ? textControl(field, onChange) : numberControl(field, onChange);
}

const warningAt = (run, path) => run?.warnings?.find(({ field }) => field === path || (path.endsWith(".name") && field === path.slice(0, -5)))?.message;

function refresh(controls, { wanted, run, errors }) {
  for (const control of controls) {
    const { path } = control.field;
    const used = run?.config ? getPath(run.config, path) : undefined;
    control.set(getPath(wanted, path), used);
    control.setError(errors[path], warningAt(run, path), errors, used);
  }
}
