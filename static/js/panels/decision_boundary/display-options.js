// How the large picture is looked at: which output, as regions, map or surface, over which plane; its switches in the panel's head.

import { h, setAttribute } from "../../core/dom.js";
import { usualBoundary } from "../../studio/view-subscriptions.js";
import { classNames, oneOfMany, taskOf } from "../shared/scales.js";

const TASKS = new Set(["regression", "binary", "multiclass", "multilabel"]);
/** No single flat picture. */
export const RARE = new Set(["each", "surface"]);

/** The switches, each shown where it means something. */
export function switches(store) {
  const toggle = (key, text, title, fits) => {
    const button = h("button", { type: "button", class: "chip small", title, on: { click: () => store.set({ [key]: !store.get()[key] }) } }, h("span", { text }));
    const show = (state) => {
      setAttribute(button, "aria-pressed", String(Boolean(state[key])));
      button.hidden = fits ? !fits(state) : false;
    };
    store.watch(show);
    show(store.get());
    return button;
  };
  return [
    lookChoice(store), planeButton(store),
    toggle("drawing", "Draw points", "Draw, move and erase points while the network learns", canDraw),
    toggle("residuals", "Residuals", "Show how far each point lies from the curve", isCurve),
    toggle("showTest", "Test points", "Show the points the network is tested on", (state) => taskOf(state) !== "control"),
    toggle("discretise", "Discretise", "Show the decision instead of the value", (state) => !["regression"].includes(taskOf(state))),
  ];
}

const inputsOf = (state) => state.points?.train.inputs[0]?.length ?? 0;
const isCurve = (state) => taskOf(state) === "regression" && inputsOf(state) === 1;

/** Points can be drawn where they lie in the plane (or over the line) that is shown, and somebody knows their targets. */
export function canDraw(state) {
  const { points, catalogue, run } = state;
  const flat = points && run && points.run === run.id && points.inputs?.length <= 2 && points.train.inputs.length > 0;
  return Boolean(flat && TASKS.has(points.task) && catalogue && !RARE.has(lookOf(state)));
}

/** What can be shown, as [value, text]; the first is where one begins. */
export function looksFor(state) {
  const names = classNames(state) ?? [];
  const task = taskOf(state);
  if (oneOfMany(state) && inputsOf(state) !== 1) return [["regions", "Regions"], ["each", task === "control" ? "Each action" : "Each class"], ...names.map((name, i) => [String(i), `P(${name})`])];
  if (task === "multilabel") return [...names.map((name, i) => [String(i), name]), ...(names.length > 1 ? [["each", "Each label"]] : [])];
  return task === "regression" && inputsOf(state) > 1 ? [["map", "Map"], ["surface", "Surface"]] : [];
}

/** The look in force: what was chosen, where that can be shown, else the first. */
export function lookOf(state) {
  const looks = looksFor(state).map(([value]) => value);
  return looks.includes(state.displayMode) ? state.displayMode : looks[0] ?? null;
}

function lookChoice(store) {
  const select = h("select", { class: "select small", "aria-label": "Output shown", on: { change: () => store.set({ displayMode: select.value, shownLabel: Number(select.value) || 0 }) } });
  const show = (state) => {
    const looks = looksFor(state);
    select.hidden = looks.length === 0;
    const key = JSON.stringify(looks);
    if (select.dataset.key !== key) {
      select.dataset.key = key;
      select.replaceChildren(...looks.map(([value, text]) => h("option", { value, text })));
    }
    select.value = lookOf(state) ?? "";
  };
  store.watch(show);
  show(store.get());
  return select;
}


/** More than two inputs: the plane can be chosen. A choice holds as long as the data have its inputs. */
function planeButton(store) {
  const button = h("button", { type: "button", class: "chip small", title: "Over which plane: the principal one, or two inputs with the others held", on: { click: open } }, h("span", { text: "Plane" }));
  async function open() {
    const { choosePlane } = await import("./plane-choice.js");
    choosePlane(button, store);
  }
  const show = (state) => {
    button.hidden = inputsOf(state) < 3;
    setAttribute(button, "aria-pressed", String(Boolean(state.subscriptions.decision_boundary)));
    const set = state.run?.config.dataset?.name;
    if (state.subscriptions.decision_boundary && set && state.plane?.dataset !== set) store.set({ subscriptions: usualBoundary(state.subscriptions), plane: null });
  };
  store.watch(show);
  show(store.get());
  return button;
}
