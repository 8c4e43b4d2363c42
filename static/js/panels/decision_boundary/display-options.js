// The controls of the output map: mode, output, and toggles for points and residuals.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { classNames, oneOfMany, taskOf } from "../shared/scales.js";

const DRAWABLE_TASKS = new Set(["regression", "binary", "multiclass", "multilabel"]);

/** Modes other than a single flat map; their module is loaded when one is selected. */
export const LAZY_MODES = new Set(["all_outputs", "surface"]);

/** The controls; each is hidden where it does not apply. */
export function switches(store) {
  const toggle = (key, text, title, applies) => toggleButton(store, key, { text, title, applies });
  return [
    modeChoice(store),
    toggle("drawing", t("panel.decision_boundary.draw.title"), t("panel.decision_boundary.draw.help"), canDraw),
    toggle("residuals", t("panel.decision_boundary.residuals.title"), t("panel.decision_boundary.residuals.help"),
      isCurve),
    toggle("showTest", t("panel.decision_boundary.test.title"), t("panel.decision_boundary.test.help"),
      (state) => taskOf(state) !== "control"),
    toggle("discretise", t("panel.decision_boundary.discretise.title"), t("panel.decision_boundary.discretise.help"),
      (state) => taskOf(state) !== "regression"),
  ];
}

function toggleButton(store, key, { text, title, applies }) {
  const click = () => store.set({ [key]: !store.get()[key] });
  const button = h("button", { type: "button", class: "chip small", title, on: { click } }, h("span", { text }));
  watchNow(store, (state) => {
    setAttribute(button, "aria-pressed", String(Boolean(state[key])));
    setProperty(button, "hidden", !applies(state));
  });
  return button;
}

/** Calls `show` immediately and at every change of the state. */
export function watchNow(store, show) {
  store.watch(show);
  show(store.get());
}

/** The number of inputs of the data; 0 before they are known. */
export const inputCount = (state) => state.points?.train.inputs[0]?.length ?? 0;
const isCurve = (state) => taskOf(state) === "regression" && inputCount(state) === 1;

/** Whether points can be drawn: the axes of the map are the inputs, and the task has targets. */
export function canDraw(state) {
  const { points, catalogue, run } = state;
  const flat = points && run && points.run === run.id && points.inputs?.length <= 2 && points.train.inputs.length > 0;
  if (document.body.dataset.readOnly) return false;
  return Boolean(flat && DRAWABLE_TASKS.has(points.task) && catalogue && !LAZY_MODES.has(displayMode(state)));
}

/** The modes that apply, as [value, text]; the first is the default. A number is the index of an output. */
export function displayModes(state) {
  const names = classNames(state) ?? [];
  const task = taskOf(state);
  const outputs = (text) => names.map((name, i) => [String(i), text(name)]);
  if (oneOfMany(state) && inputCount(state) !== 1) {
    const [actions, classes] = [t("panel.decision_boundary.mode.actions"), t("panel.decision_boundary.mode.classes")];
    const regions = ["regions", t("panel.decision_boundary.mode.regions")];
    return [regions, ["all_outputs", task === "control" ? actions : classes], ...outputs((name) => `P(${name})`)];
  }
  if (task === "multilabel") {
    const allOutputs = names.length > 1 ? [["all_outputs", t("panel.decision_boundary.mode.labels")]] : [];
    return [...outputs((name) => name), ...allOutputs];
  }
  if (task !== "regression" || inputCount(state) < 2) return [];
  const surface = t("panel.decision_boundary.mode.surface");
  return [["map", t("panel.decision_boundary.mode.map")], ["surface", surface]];
}

/** The selected mode where it applies, else the default; null where there is only one. */
export function displayMode(state) {
  const modes = displayModes(state).map(([value]) => value);
  return modes.includes(state.displayMode) ? state.displayMode : modes[0] ?? null;
}

function modeChoice(store) {
  const choose = () => store.set({ displayMode: select.value, shownLabel: Number(select.value) || 0 });
  const label = t("panel.decision_boundary.mode.name");
  const select = h("select", { class: "select small", "aria-label": label, on: { change: choose } });
  watchNow(store, (state) => {
    const modes = displayModes(state);
    setProperty(select, "hidden", modes.length === 0);
    const key = JSON.stringify(modes);
    if (select.dataset.key !== key) {
      select.dataset.key = key;
      select.replaceChildren(...modes.map(([value, text]) => h("option", { value, text })));
    }
    setProperty(select, "value", displayMode(state) ?? "");
  });
  return select;
}
