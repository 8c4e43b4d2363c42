// Panels that share one place: the first stands from the start, the others are fetched when their tab is first opened.

import { h, setAttribute } from "../core/dom.js";
import { enlarge } from "../panels/shared/panel.js";
import { viewApplies } from "./problem.js";

const STORED = "perceptarium-tabs";

/** Make tabs of all sections with the same `data-place`; returns `open(name)`. */
export function startTabs({ store, ...context }) {
  const opened = JSON.parse(localStorage.getItem(STORED) ?? "{}");
  const openers = {};
  for (const place of ["output", "middle", "right"]) {
    const sections = [...document.querySelectorAll(`[data-place=${place}]`)];
    const show = (name) => {
      opened[place] = name;
      localStorage.setItem(STORED, JSON.stringify(opened));
      store.set({ tabs: { ...opened } });
    };
    const open = placeOf(sections, { store, ...context }, show);
    for (const section of sections) openers[section.dataset.panel] = open;
    const kept = sections.find((each) => each.dataset.panel === opened[place]);
    if (!kept || kept === sections[0] || !viewApplies(store.get(), kept.dataset.view)) continue;
    const { for: needed, panel } = kept.dataset;
    if (!needed || store.get().points?.[needed]) open(panel);
    else if (!store.get().points) openWhenKnown(store, needed, () => open(panel));
  }
  return (name) => openers[name](name);
}

/** What is for some data only comes back when the first points have told that they are such. */
function openWhenKnown(store, needed, open) {
  const undo = store.watch(({ points }) => {
    if (!points) return;
    undo();
    if (points[needed]) open();
  });
}

function placeOf(sections, context, show) {
  const nameOf = (section) => section.dataset.panel;
  const list = h("div", { class: "tablist", role: "tablist" });
  const tabs = sections.map((section) => h("button", { type: "button", class: "tab", role: "tab", id: `tab-${nameOf(section)}`, "aria-controls": section.id, text: section.ariaLabel, on: { click: () => open(nameOf(section)) } }));
  const built = new Set([nameOf(sections[0])]);
  list.append(...tabs);
  list.addEventListener("keydown", (event) => walk(event, tabs));
  let wanted = null;
  // The tools beside the tabs take their room when their choices are there, after the tab was brought into sight.
  new ResizeObserver(() => bringIntoSight(list)).observe(list);
  const open = async (name) => {
    wanted = name;
    tabs.forEach((tab, i) => mark(tab, nameOf(sections[i]) === name));
    const section = sections.find((each) => nameOf(each) === name);
    tabs[sections.indexOf(section)].hidden = false;
    if (!built.has(name)) await build(section, context).then(() => built.add(name), (error) => context.store.set({ notice: { text: `This panel could not be fetched: ${error.message}`, kind: "error", at: performance.now() } }));
    if (wanted === name && built.has(name)) reveal(sections, section, list);
    show(name);
  };
  let leading = false;
  /** What applies has a tab; a kind of problem with a section about it alone begins with that. */
  const offer = () => {
    sections.forEach((section, i) => (tabs[i].hidden = !offered(section, tabs[i], context.store.get())));
    const left = sections.filter((_, i) => !tabs[i].hidden);
    list.hidden = left.length < 2;
    const led = left.find(({ dataset }) => "leads" in dataset);
    const known = Boolean(context.store.get().catalogue);
    if (known && led && !leading && [null, nameOf(sections[0])].includes(wanted)) open(nameOf(led));
    leading = known ? Boolean(led) : leading;
    const present = tabs[sections.findIndex((each) => nameOf(each) === (wanted ?? nameOf(sections[0])))];
    if (present.hidden && left.length) open(nameOf(left[0]));
  };
  context.store.watch((_, changed) => ["run", "catalogue", "points"].some((key) => changed.includes(key)) && offer());
  tabs.forEach((tab, i) => mark(tab, i === 0));
  reveal(sections, sections[0], list);
  offer();
  return open;
}

/** A module's `panel(section, context)` gives one panel for the loop. */
async function build(section, context) {
  if (section.dataset.fetched) return;
  const { panel } = await import(`../panels/${section.dataset.panel}/index.js`);
  if (section.dataset.fetched) return;
  section.dataset.fetched = true;
  context.loop.add([panel(section, context)]);
}

function mark(tab, on) {
  setAttribute(tab, "aria-selected", String(on));
  tab.tabIndex = on ? 0 : -1;
}

/** Show one section with the tabs in its head; an enlarged place stays enlarged, the focus stays where it was. */
function reveal(sections, section, list) {
  const focused = list.contains(document.activeElement) && document.activeElement;
  const large = sections.find((each) => each !== section && each.classList.contains("enlarged"));
  for (const each of sections) each.hidden = each !== section;
  section.querySelector(".panel-names").prepend(list);
  if (large) enlarge(section);
  if (focused) focused.focus();
  bringIntoSight(list);
}

/** Where not all tabs fit, the open one is whole and a piece of the one before it shows that there are more. */
function bringIntoSight(list) {
  const tab = list.querySelector("[aria-selected=true]");
  list.scrollLeft = tab.offsetLeft - list.offsetLeft - 40;
}

/** A tab is there where its view applies to the run's task; where `data-for` names what the points must have, for such only, or while it is open. */
function offered({ dataset }, tab, state) {
  if ("only" in dataset && !state.catalogue) return false; // it is for few kinds of problem
  return viewApplies(state, dataset.view) && (!dataset.for || state.points?.[dataset.for] || tab.tabIndex === 0);
}

function walk(event, all) {
  const tabs = all.filter((tab) => !tab.hidden);
  const at = tabs.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const tab = tabs[(next + tabs.length) % tabs.length];
  tab.focus();
  tab.click();
}
