// The popover "Compare with A": keeps a step as A, and lists what differs between A and B.

import { h, setText } from "../core/dom.js";
import { t } from "../core/text.js";
import { nameOfA, nameOfB } from "./names.js";
import { differentSettings, measuredSteps, measuredValues } from "./numbers.js";
import { runChoice } from "./run-choice.js";
import { numberTable } from "./summary.js";

const GAP = 6; // pixels between the popover and its button
let card = null; // of the page, created when it is first opened

/** Opens the popover beside `button`; it is filled again whenever A or B changes. */
export function openCard(button, context, commands) {
  card ??= createCard(context, commands);
  if (card.element.matches(":popover-open")) return card.element.hidePopover();
  card.choice.load();
  card.element.showPopover();
  card.panel.draw(context.store.get());
  place(card.element, button);
}

function createCard({ store, loop }, commands) {
  const choice = runChoice(store, commands);
  const { parts, draw } = createContent(store, commands);
  const title = t("reference.title");
  const element = h("div", { class: "menu reference-card", popover: "auto", role: "dialog", "aria-label": title },
    h("h2", { text: title }), parts, choice.element);
  document.body.append(element);
  const panel = {
    name: "reference-card", draw, interval: 100, visible: () => element.matches(":popover-open"),
    needs: ["reference", "run", "shown", "history", "catalogue", "schema"],
  };
  loop.add([panel]);
  return { element, panel, choice };
}

/** What is known of A and B, and the buttons: { parts, draw(state) }. */
function createContent(store, { pin, remove }) {
  const help = h("p", { class: "reference-help", text: t("reference.help") });
  const names = [h("dd", { title: "" }), h("dd", { title: "" })];
  const pair = h("dl", { class: "reference-pair" }, h("dt", { text: "A" }), names[0], h("dt", { text: "B" }), names[1]);
  const [values, settings] = [numberTable(), settingsTable()];
  const button = (click) => h("button", { type: "button", class: "button", on: { click } });
  const [keeping, removing] = [button(() => pin(stepOf(store))), button(remove)];
  setText(removing, t("reference.remove"));
  const actions = h("div", { class: "reference-actions" }, keeping, removing);
  const draw = (state) => {
    const { reference } = state;
    help.hidden = Boolean(reference);
    for (const part of [pair, values.element, settings.element, removing]) part.hidden = !reference;
    setText(keeping, t("reference.keep", { step: nameOfB(state) }));
    if (!reference) return;
    setText(names[0], nameOfA(state));
    setText(names[1], nameOfB(state));
    values.show(measuredValues(state), measuredSteps(state));
    settings.show(differentSettings(state));
  };
  return { parts: [help, pair, values.element, settings.element, actions], draw };
}

/** The step that would be kept: the shown one, or the newest. */
function stepOf(store) {
  const { run, shown } = store.get();
  return { run: run.id, attempt: shown?.attempt ?? run.attempt, step: shown?.step ?? run.step };
}

/** Only the settings that differ, or a sentence that there are none. */
function settingsTable() {
  const body = h("tbody");
  const heading = (text) => h("th", { scope: "col", text });
  const table = h("table", { class: "reference-numbers" },
    h("thead", {}, h("tr", {}, heading(t("reference.setting_column")), heading("A"), heading("B"))), body);
  const none = h("p", { class: "reference-help", text: t("reference.same_settings") });
  const element = h("div", { class: "reference-differences" }, table, none);
  let shown = "";
  const show = (settings) => {
    const key = JSON.stringify(settings);
    if (key === shown) return;
    shown = key;
    table.hidden = !settings.length;
    none.hidden = settings.length > 0;
    body.replaceChildren(...settings.map(({ label, a, b }) =>
      h("tr", {}, h("th", { scope: "row", text: label }), h("td", { text: a }), h("td", { text: b }))));
  };
  return { element, show };
}

/** Above the button, or below it in the upper half of the window. */
function place(element, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const above = anchor.top - height - GAP;
  const top = above >= 8 ? above : Math.min(anchor.bottom + GAP, innerHeight - height - 8);
  element.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
  element.style.top = `${Math.max(8, top)}px`;
}
