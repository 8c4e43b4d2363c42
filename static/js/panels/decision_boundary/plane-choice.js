// Which plane the large picture lies in: the principal one, or two chosen inputs with the others held where one wants them.

import { numberControl } from "../../studio/form/controls.js";
import { h } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { usualBoundary } from "../../studio/view-subscriptions.js";
import { placeBelow } from "../shared/panel.js";

/** Open the choice under `button`. */
export function choosePlane(button, store) {
  document.getElementById("plane-choice")?.remove();
  const menu = h("div", { id: "plane-choice", class: "menu plane-choice", popover: "auto", role: "dialog", "aria-label": "Plane of the picture" });
  document.body.append(menu);
  menu.addEventListener("toggle", (event) => event.newState === "closed" && menu.remove());
  fill(menu, store);
  menu.showPopover();
  placeBelow(menu, button);
}

const namesOf = (state) => state.points.inputs ?? state.points.features;

function fill(menu, store) {
  const state = store.get();
  const names = namesOf(state);
  const plane = state.plane ?? { axes: null, held: {} };
  const choose = (changes) => {
    apply(store, { ...plane, ...changes });
    fill(menu, store);
  };
  const kind = h("select", { class: "select", "aria-label": "Plane", on: { change: () => choose({ axes: kind.value ? [names[0], names[1]] : null, held: {} }) } },
    h("option", { value: "", text: "Principal plane" }), h("option", { value: "two", text: "Two inputs" }));
  kind.value = plane.axes ? "two" : "";
  menu.replaceChildren(h("label", { class: "plane-row" }, h("span", { text: "Plane" }), kind));
  if (!plane.axes) return menu.append(h("p", { class: "plane-line", text: "The two directions in which the training inputs spread most." }));
  menu.append(...[0, 1].map((k) => axisChoice(names, plane, k, choose)), h("p", { class: "plane-line", text: "The others are held at their mean, or where you put them:" }), held(store, names));
}

function axisChoice(names, { axes, held: still }, k, choose) {
  const pick = () => {
    const next = [...axes];
    // The other axis gives way where it would be the same.
    if (next[1 - k] === select.value) next[1 - k] = axes[k];
    next[k] = select.value;
    choose({ axes: next, held: Object.fromEntries(Object.entries(still).filter(([name]) => !next.includes(name))) });
  };
  const select = h("select", { class: "select", "aria-label": k ? "Upwards" : "To the right", on: { change: pick } }, names.map((name) => h("option", { value: name, text: feature(name) })));
  select.value = axes[k];
  return h("label", { class: "plane-row" }, h("span", { text: k ? "Upwards" : "To the right" }), select);
}

/** One slider for each input that is no axis. */
function held(store, names) {
  const { points, plane } = store.get();
  const list = h("div", { class: "plane-held" });
  names.forEach((name, i) => {
    if (plane.axes.includes(name)) return;
    const values = points.train.inputs.map((row) => row[i]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const field = { path: `held.${name}`, label: feature(name), help: `mean ${number(mean)}`, minimum: Math.min(...values), maximum: Math.max(...values), live: true, nullable: true, default: null };
    const control = numberControl(field, (value) => {
      const now = store.get().plane;
      const { [name]: _, ...rest } = now.held;
      if (typeof value === "string") return control.setError("must be a number");
      control.setError(null);
      apply(store, { ...now, held: value === null ? rest : { ...rest, [name]: value } });
    });
    control.set(plane.held[name] ?? null, mean);
    list.append(control.element);
  });
  return list;
}

function apply(store, plane) {
  const { subscriptions, run } = store.get();
  const options = plane.axes && { axes: JSON.stringify(plane.axes), ...(Object.keys(plane.held).length ? { held: JSON.stringify(plane.held) } : {}) };
  store.set({ plane: plane.axes ? { ...plane, dataset: run.config.dataset.name } : null, subscriptions: options ? { ...subscriptions, decision_boundary: { view: "decision_boundary", options, id: "decision_boundary" } } : usualBoundary(subscriptions) });
}
