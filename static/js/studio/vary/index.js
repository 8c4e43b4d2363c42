// The dialog that repeats the present network: with several seeds, or with several values of a field.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { loadStyleSheet } from "../../core/style-sheet.js";
import { t } from "../../core/text.js";
import { settingText } from "../../reference/setting-names.js";
import { valuesEditor } from "./editor.js";
import { variedFields } from "./fields.js";
import { countOf, specOf } from "./suggestion.js";

const DEFAULT_STEPS = 2000;
const SEEDS = 5; // for each value of a field

/** Opens the dialog at the field of a path. */
export function openVary(store, path) {
  const state = store.get();
  loadStyleSheet("vary");
  const view = { store, state, fields: variedFields(state), path, seeds: SEEDS, steps: stepsOf(state), halve: "" };
  const body = h("div", { class: "vary-body" });
  const [count, problem] = [h("output", { class: "vary-count" }), h("p", { class: "field-error", role: "alert" })];
  const start = h("button", { type: "submit", class: "button vary-start" });
  const close = { click: () => dialog.close() };
  const cancel = h("button", { type: "button", class: "button", text: t("vary.cancel"), on: close });
  const form = h("form", { on: { submit: (event) => submit(event, view) } },
    fieldChoice(view), body, problem, h("div", { class: "vary-foot" }, count, cancel, start));
  const forget = { close: () => dialog.remove() };
  const dialog = h("dialog", { class: "dialog vary", "aria-labelledby": "vary-title", on: forget },
    h("h2", { id: "vary-title", text: t("vary.title") }), h("p", { text: t("vary.text") }), form);
  Object.assign(view, { dialog, body, count, problem, start });
  document.body.append(dialog);
  showField(view);
  dialog.showModal();
  start.focus();
}

/** As many steps as the run has made, so that the repetitions can be compared with it. */
const stepsOf = ({ run, draft }) => draft.steps ?? (run?.step || DEFAULT_STEPS);

function fieldChoice(view) {
  const options = view.fields.map(({ path, label }) =>
    h("option", { value: path, text: label, selected: path === view.path }));
  const select = h("select", {
    class: "select",
    on: {
      change: () => {
        view.path = select.value;
        showField(view);
      },
    },
  }, options);
  return h("label", { class: "vary-field" }, h("span", { text: t("vary.field") }), select);
}

const fieldOf = ({ fields, path }) => fields.find((field) => field.path === path) ?? fields[0];

function showField(view) {
  const { suggestion, path, options } = fieldOf(view);
  const nameOf = (value) =>
    options?.find((option) => option.value === value)?.title ?? settingText(view.state, path, value);
  const change = () => showCount(view);
  const row = (name, text) => {
    const input = h("input", {
      class: "number", type: "text", inputmode: "numeric", autocomplete: "off", value: String(view[name]),
      on: { input: () => change((view[name] = input.value === "" ? "" : Number(input.value))) },
    });
    return h("label", {}, h("span", { text }), input);
  };
  view.body.replaceChildren(valuesEditor(suggestion, nameOf, change), h("div", { class: "vary-row" },
    path === "seed" ? "" : row("seeds", t("vary.seeds_each")), row("steps", t("vary.steps")),
    row("halve", t("vary.halve"))));
  showCount(view);
}

function showCount(view) {
  const { suggestion, path } = fieldOf(view);
  const count = countOf(suggestion) * (path === "seed" ? 1 : view.seeds);
  const isNumber = Number.isInteger(count) && count > 0;
  setText(view.count, isNumber ? t("vary.runs", { count }) : "");
  setText(view.start, isNumber ? t("vary.start", { count }) : t("vary.start_any"));
  setText(view.problem, "");
}

/** The number of steps ends the runs, not that of epochs, unless a schedule follows the epochs. */
const epochsFor = ({ epochs, optimizer }, { schema }) =>
  (optimizer.schedule && optimizer.schedule.name !== "constant" ? epochs : schema.properties.epochs.maximum ?? epochs);

/** Creates the experiment and opens its page; an error is shown, and nothing is lost. */
async function submit(event, view) {
  event.preventDefault();
  const { suggestion, path } = fieldOf(view);
  const { name, ...config } = view.store.get().draft;
  const seeds = path === "seed" ? {} : { seed: { count: view.seeds } };
  view.start.disabled = true;
  try {
    const { url } = await api.createExperiment({
      config: { ...config, unwatched: "train", epochs: epochsFor(config, view.state) },
      vary: { [path]: specOf(suggestion), ...seeds },
      steps: view.steps,
      ...(view.halve === "" ? {} : { halve: { every: view.halve } }),
    });
    location.assign(url);
  } catch (error) {
    setText(view.problem, error.message);
  } finally {
    view.start.disabled = false;
  }
}
