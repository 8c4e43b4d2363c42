// The list of the features of data that offer more than the graph has nodes for. Loaded when it is first opened.

import { h, setAttribute, setText } from "../../core/dom.js";
import { feature } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { offeredFeatures } from "../../studio/problem.js";
import { positionBelow } from "../shared/panel-menu.js";

/** Opens the list under `button`; `change("features", names, true)` sets the features of the draft. */
export function openFeatures(button, store, change) {
  const names = offeredFeatures(store.get());
  if (!names) return;
  const list = createList(names, store, (chosen) => change("features", chosen, true));
  document.body.append(list.element);
  const stop = store.watch((state, changed) => {
    if (!["draft", "run", "points"].some((key) => changed.includes(key))) return;
    if (offeredFeatures(state)?.join() === names.join()) list.show(chosenIn(state, names));
    else list.element.hidePopover(); // other data
  });
  list.element.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    stop();
    list.element.remove();
  });
  list.show(chosenIn(store.get(), names));
  list.element.showPopover();
  positionBelow(list.element, button);
  const { left } = button.getBoundingClientRect();
  list.element.style.left = `${Math.max(8, Math.min(left, innerWidth - list.element.offsetWidth - 8))}px`;
  list.element.querySelector("[aria-pressed]").focus();
}

/** The features of the draft, or else those that the run has by default. */
const chosenIn = ({ draft, run }, names) => draft.features ?? run?.config?.features ?? names;

function createList(names, store, choose) {
  const isOn = (button) => button.ariaPressed === "true";
  const toggle = (name) => {
    const chosen = names.filter((other) => (other === name) !== isOn(buttons.get(other)));
    if (chosen.length) choose(chosen);
  };
  const chip = (text, click, attributes) =>
    h("button", { type: "button", class: "chip", on: { click }, ...attributes }, h("span", { text }));
  const buttons = new Map(names.map((name) =>
    [name, chip(feature(name), () => toggle(name), { "aria-pressed": "false" })]));
  const count = h("p", { class: "aside", role: "status" });
  const title = t("panel.network.feature.group");
  const all = chip(t("panel.network.feature.all"), () => choose(names));
  const element = h("div", { class: "menu feature-list", popover: "auto", role: "dialog", "aria-label": title },
    h("div", { class: "feature-list-head" }, h("strong", { text: title }), count, all),
    h("div", { class: "chips", role: "group", "aria-label": title }, ...buttons.values()));
  const show = (chosen) => {
    for (const [name, button] of buttons) {
      const isLast = chosen.length === 1 && chosen[0] === name;
      setAttribute(button, "aria-pressed", String(chosen.includes(name)));
      setAttribute(button, "aria-disabled", isLast);
      setAttribute(button, "title", isLast ? t("panel.network.feature.last") : null);
    }
    setText(count, t("panel.network.feature.count", { shown: chosen.length, count: names.length }));
    all.disabled = chosen.length === names.length;
  };
  return { element, show };
}
