// What ails the training as cards: name, number, rule and remedy; and the switches that pause a training on its own.

import { h, setAttribute } from "../../core/dom.js";
import { number, words } from "../../core/formats.js";
import { merge } from "../../studio/session.js";
import { differences } from "../../core/store.js";
import { isLive } from "../../studio/form/config-changes.js";
import { findingText, remedyText } from "./finding-text.js";

/** `show(frame, state)` redraws only when what is found has changed. */
export function diagnoses(store, actions) {
  const cards = h("div", { class: "cards", role: "status" });
  const chips = h("div", { class: "chips" });
  const pause = h("details", { class: "pause-when", hidden: true }, h("summary", { text: "Pause when …" }), chips);
  const element = h("div", { class: "diagnoses", tabindex: 0, role: "region", "aria-label": "Diagnoses" }, cards, pause);
  let key = "";
  return {
    element,
    show(frame, state) {
      offerPauses(pause, chips, frame, state, actions);
      const now = JSON.stringify([frame.diagnoses, frame.needs_path, state.run?.config, state.livePatterns.length]);
      if (now === key) return;
      key = now;
      cards.replaceChildren(...contents(frame, store, actions, state.catalogue));
    },
  };
}

function contents(frame, store, actions, catalogue) {
  const left = frame.needs_path?.length ? `Not looked at, for want of recorded points: ${frame.needs_path.map((name) => plain(name, catalogue)).join(", ")}.` : null;
  const fine = h("p", { class: "fine", text: `Nothing ails this training: ${frame.checked.length} things looked at.` });
  const found = frame.diagnoses.map((each) => card(each, frame, store, actions));
  return [...(found.length ? found : [fine]), left && h("p", { class: "aside", text: left })].filter(Boolean);
}

/** A diagnosis as people call it. */
const plain = (name, catalogue) => catalogue?.diagnoses?.find((each) => each.name === name)?.title ?? words(name);

function card({ name, layer, number: worth, parameters, suggestion }, frame, store, actions) {
  const { catalogue } = store.get();
  const where = layer === null ? "" : ` · ${frame.layers[layer]?.name ?? `layer ${layer + 1}`}`;
  return h("article", { class: "card" }, h("h3", {}, plain(name, catalogue), h("small", { text: where })),
    h("p", { class: "card-number" }, h("strong", { text: number(worth) })), h("p", { text: findingText({ name, parameters }, catalogue) }),
    h("details", {}, h("summary", { text: "The rule" }), h("p", { text: catalogue?.diagnoses?.find((each) => each.name === name)?.help })),
    h("p", { text: remedyText(suggestion, catalogue) }), remedy(suggestion.changes, store, actions));
}

function remedy(changes, store, actions) {
  if (!changes || !Object.keys(changes).length) return null;
  const draft = merge(store.get().draft, changes);
  const restarts = differences(store.get().draft, draft).some((path) => !isLive(path, store.get().livePatterns));
  const text = restarts ? "Try it in a new run" : "Change it now";
  return h("button", { type: "button", class: "button small try", title: JSON.stringify(changes), text, on: { click: () => actions.replace(merge(store.get().draft, changes)) } });
}

/** Only where the server tells which diagnoses are armed. */
function offerPauses(details, chips, { checked, needs_path: left }, { run, catalogue }, { changeNow }) {
  const armed = run?.pause_when;
  details.hidden = !Array.isArray(armed);
  if (details.hidden) return;
  const names = [...checked, ...(left ?? [])];
  if (chips.dataset.names !== names.join()) {
    chips.dataset.names = names.join();
    chips.replaceChildren(...names.map((name) => h("button", { type: "button", class: "chip small", "data-name": name, "aria-pressed": "false" }, h("span", { text: plain(name, catalogue) }))));
    chips.onclick = ({ target }) => {
      const name = target.closest("button")?.dataset.name;
      const on = chips.armed.includes(name);
      if (name) changeNow({ pause_when: on ? chips.armed.filter((each) => each !== name) : [...chips.armed, name] });
    };
  }
  chips.armed = armed;
  for (const chip of chips.children) setAttribute(chip, "aria-pressed", String(armed.includes(chip.dataset.name)));
}
