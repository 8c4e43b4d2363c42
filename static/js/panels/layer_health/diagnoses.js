// The diagnoses as cards (name, number, rule, suggestion), and toggles for those that pause the training.

import { h, setAttribute, setProperty } from "../../core/dom.js";
import { number, words } from "../../core/formats.js";
import { differences, merge } from "../../core/differences.js";
import { t } from "../../core/text.js";
import { isLive } from "../../studio/form/config-changes.js";
import { layerName } from "../shared/layer-names.js";
import { findingText, range, remedyText } from "./finding-text.js";

/** `show(frame, state)` shows the diagnoses of a frame; the cards are rebuilt only when they change. */
export function diagnoses(store, actions) {
  const cards = h("div", { class: "cards", role: "status" });
  const pause = pauseChoice(actions);
  const label = t("panel.layer_health.diagnoses");
  const attributes = { class: "diagnoses", tabindex: 0, role: "region", "aria-label": label };
  const element = h("div", attributes, cards, pause.element);
  let shownKey = "";
  return {
    element,
    show(frame, state) {
      pause.show(frame, state);
      const key = JSON.stringify([frame.diagnoses, frame.needs_path, state.run?.config, state.livePatterns.length]);
      if (key === shownKey) return;
      shownKey = key;
      cards.replaceChildren(...contents(frame, store, actions, state.catalogue));
    },
  };
}

function contents(frame, store, actions, catalogue) {
  const cards = grouped(frame.diagnoses).map((group) => card(group, frame, store, actions));
  if (!cards.length) {
    const text = t("panel.layer_health.no_problems", { count: frame.checked.length });
    cards.push(h("p", { class: "no-problems", text }));
  }
  if (!frame.needs_path?.length) return cards;
  const names = frame.needs_path.map((name) => titleOf(name, catalogue)).join(", ");
  return [...cards, h("p", { class: "aside", text: t("panel.layer_health.not_checked", { names }) })];
}

const entryOf = (name, catalogue) => catalogue?.diagnoses?.find((diagnosis) => diagnosis.name === name);
const titleOf = (name, catalogue) => entryOf(name, catalogue)?.title ?? words(name);

/** Findings of several layers with the same name and suggestion are one group. */
function grouped(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const { name, layer, suggestion } = finding;
    const key = JSON.stringify([name, layer === null, suggestion.name, suggestion.parameters]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function card(group, frame, store, actions) {
  const { catalogue } = store.get();
  const [{ name, suggestion }] = group;
  const rule = h("p", { text: entryOf(name, catalogue)?.help });
  const numbers = group.map((finding) => [finding.number, number(finding.number)]);
  return h("article", { class: "card" },
    h("h3", {}, titleOf(name, catalogue), h("small", { text: layersText(group, frame.layers.length) })),
    h("p", { class: "card-number" }, h("strong", { text: range(numbers) })),
    h("p", { text: findingText(group, catalogue) }),
    h("details", {}, h("summary", { text: t("panel.layer_health.rule") }), rule),
    h("p", { text: remedyText(suggestion, catalogue) }),
    suggestionButtons(allChanges(group), store, actions));
}

/** " · layer 2", " · layers 2, 3, 4", or "" for the whole network. */
function layersText(group, count) {
  const [{ layer }] = group;
  if (layer === null) return "";
  const layers = group.map((finding) => finding.layer + 1).join(", ");
  return ` · ${group.length > 1 ? t("panel.layer_health.layers", { layers }) : layerName(layer, count)}`;
}

/** The changes of all suggestions of a group; those of layers are merged layer by layer. */
const allChanges = (group) => group.map(({ suggestion }) => suggestion.changes).reduce(merge);

/** The buttons that apply the suggested changes and show the setting; none where the suggestion changes no setting. */
function suggestionButtons(changes, store, actions) {
  if (!changes || !Object.keys(changes).length) return null;
  const changed = () => merge(store.get().draft, changes);
  const { draft, livePatterns } = store.get();
  const paths = differences(draft, changed());
  const restarts = paths.some((path) => !isLive(path, livePatterns));
  const text = restarts ? t("panel.layer_health.try_in_new_run") : t("panel.layer_health.apply_now");
  const click = () => actions.replace(changed());
  const title = JSON.stringify(changes);
  const show = () => actions.showField(paths[0]);
  const shows = actions.showField && paths.length > 0 && document.getElementById("form");
  return h("div", { class: "suggestion" },
    h("button", { type: "button", class: "button small apply-suggestion", title, text, on: { click } }),
    shows && h("button", { type: "button", class: "button small", text: t("form.problem.show"), on: { click: show } }));
}

/** Toggles for the diagnoses that pause the training; hidden where the server does not offer it. */
function pauseChoice({ changeNow }) {
  const chips = h("div", { class: "chips" });
  const summary = h("summary", { text: t("panel.layer_health.pause_when") });
  const element = h("details", { class: "pause-when", hidden: true }, summary, chips);
  let active = [];
  chips.addEventListener("click", ({ target }) => {
    const name = target.closest("button")?.dataset.name;
    if (!name) return;
    const others = active.filter((other) => other !== name);
    changeNow({ pause_when: active.includes(name) ? others : [...active, name] });
  });
  const show = ({ checked, needs_path: notChecked }, { run, catalogue }) => {
    setProperty(element, "hidden", !Array.isArray(run?.pause_when));
    if (element.hidden) return;
    active = run.pause_when;
    buildChips(chips, [...checked, ...(notChecked ?? [])], catalogue);
    for (const chip of chips.children) setAttribute(chip, "aria-pressed", String(active.includes(chip.dataset.name)));
  };
  return { element, show };
}

function buildChips(chips, names, catalogue) {
  if (chips.dataset.names === names.join()) return;
  chips.dataset.names = names.join();
  const chip = (name) => {
    const attributes = { type: "button", class: "chip small", "data-name": name, "aria-pressed": "false" };
    return h("button", attributes, h("span", { text: titleOf(name, catalogue) }));
  };
  chips.replaceChildren(...names.map(chip));
}
