// The popover that selects the plane of the output map: principal components, or two inputs with the others fixed.

import { h } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { numberControl } from "../../studio/form/controls.js";
import { withDefaultBoundary } from "../../studio/view-subscriptions.js";
import { positionBelow } from "../shared/panel-menu.js";

/** Opens the popover under `button`. */
export function choosePlane(button, store) {
  document.getElementById("plane-choice")?.remove();
  const label = t("panel.decision_boundary.plane.title");
  const attributes = { id: "plane-choice", class: "menu plane-choice", popover: "auto", role: "dialog" };
  const menu = h("div", { ...attributes, "aria-label": label });
  document.body.append(menu);
  menu.addEventListener("toggle", (event) => event.newState === "closed" && menu.remove());
  fill(menu, store);
  menu.showPopover();
  positionBelow(menu, button);
}

const line = (text) => h("p", { class: "plane-line", text });
const row = (text, control) => h("label", { class: "plane-row" }, h("span", { text }), control);

function fill(menu, store) {
  const { points, plane: selected } = store.get();
  const names = points.inputs ?? points.features;
  const plane = selected ?? { axes: null, held: {} };
  const choose = (changes) => {
    apply(store, { ...plane, ...changes });
    fill(menu, store);
  };
  const change = () => choose({ axes: type.value ? [names[0], names[1]] : null, held: {} });
  const label = t("panel.decision_boundary.plane.title");
  const type = h("select", { class: "select", "aria-label": label, on: { change } },
    h("option", { value: "", text: t("panel.decision_boundary.plane.principal") }),
    h("option", { value: "two", text: t("panel.decision_boundary.plane.two_inputs") }));
  type.value = plane.axes ? "two" : "";
  menu.replaceChildren(row(label, type));
  if (!plane.axes) return menu.append(line(t("panel.decision_boundary.plane.principal_help")));
  menu.append(
    axisChoice(names, plane, 0, t("panel.shared.axis.x"), choose),
    axisChoice(names, plane, 1, t("panel.shared.axis.y"), choose),
    line(t("panel.decision_boundary.plane.fixed")),
    fixedInputs(store, names),
  );
}

function axisChoice(names, { axes, held }, index, label, choose) {
  const change = () => {
    const next = [...axes];
    if (next[1 - index] === select.value) next[1 - index] = axes[index]; // the axes need different inputs: swap them
    next[index] = select.value;
    const others = Object.entries(held).filter(([name]) => !next.includes(name));
    choose({ axes: next, held: Object.fromEntries(others) });
  };
  const options = names.map((name) => h("option", { value: name, text: feature(name) }));
  const select = h("select", { class: "select", "aria-label": label, on: { change } }, options);
  select.value = axes[index];
  return row(label, select);
}

/** One slider for each input that is not on an axis; an empty field means its mean. */
function fixedInputs(store, names) {
  const { points, plane } = store.get();
  const list = h("div", { class: "plane-fixed" });
  names.forEach((name, i) => {
    if (plane.axes.includes(name)) return;
    list.append(fixedInput(store, name, points.train.inputs.map((inputs) => inputs[i])));
  });
  return list;
}

function fixedInput(store, name, values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const field = {
    path: `held.${name}`, label: feature(name), help: t("panel.decision_boundary.plane.mean", { value: number(mean) }),
    minimum: Math.min(...values), maximum: Math.max(...values), live: true, nullable: true, default: null,
  };
  const control = numberControl(field, (value) => {
    if (typeof value === "string") return control.setError(t("form.limit.number"));
    control.setError(null);
    const plane = store.get().plane;
    const { [name]: _, ...others } = plane.held;
    apply(store, { ...plane, held: value === null ? others : { ...others, [name]: value } });
  });
  control.set(store.get().plane.held[name] ?? null, mean);
  return control.element;
}

function apply(store, plane) {
  const { subscriptions, run } = store.get();
  if (!plane.axes) return store.set({ plane: null, subscriptions: withDefaultBoundary(subscriptions) });
  const options = { axes: JSON.stringify(plane.axes) };
  if (Object.keys(plane.held).length) options.held = JSON.stringify(plane.held);
  const subscription = { view: "decision_boundary", options, id: "decision_boundary" };
  store.set({
    plane: { ...plane, dataset: run.config.dataset.name },
    subscriptions: { ...subscriptions, decision_boundary: subscription },
  });
}
