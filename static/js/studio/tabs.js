// Tabs: one section of each group is shown. The first is mounted from the start; the panels of the others are
// imported when their tab is first opened. The server writes the sections (app/web/sections.py).

import { h, setAttribute, setProperty } from "../core/dom.js";
import { load } from "../core/loading.js";
import { moveFocus } from "../core/roving-focus.js";
import { getPath } from "../core/store.js";
import { t } from "../core/text.js";
import { PRESENT } from "../panels/shared/axes.js";
import { enlarge } from "../panels/shared/panel.js";
import { viewApplies } from "./problem.js";

const STORAGE_KEY = "perceptarium-tabs";
const FOLLOWED = ["run", "catalogue", "points"]; // keys of the state that determine which tabs are offered

/** Creates the tabs of every group with several sections; returns `open(name)`. */
export function startTabs(context) {
  const { store } = context;
  const openTabs = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}");
  const openers = {};
  for (const [group, sections] of groups()) {
    const remember = (name) => {
      openTabs[group] = name;
      localStorage.setItem(STORAGE_KEY, JSON.stringify(openTabs));
      store.set({ openTabs: { ...openTabs } });
    };
    const open = tabsOf(sections, context, remember);
    for (const section of sections) openers[nameOf(section)] = enlarging(section, open);
    reopen(store, sections, openTabs[group], open);
  }
  return (name) => openers[name](name);
}

const nameOf = (section) => section.dataset.panel;

/** The groups that have several sections: [[name, sections]]. */
function groups() {
  const sections = [...document.querySelectorAll("[data-group][data-panel]")];
  const names = new Set(sections.map(({ dataset }) => dataset.group));
  return [...names].map((name) => [name, sections.filter(({ dataset }) => dataset.group === name)])
    .filter(([, members]) => members.length > 1);
}

/** Opens the tab of the last visit. A tab that depends on the data is opened when they are loaded. */
function reopen(store, sections, name, open) {
  const section = sections.find((other) => nameOf(other) === name);
  if (!section || section === sections[0] || !viewApplies(store.get(), name)) return;
  const { needs } = section.dataset;
  if (!needs || store.get().points?.[needs]) return open(name);
  if (store.get().points) return;
  const stop = store.watch(({ points }) => {
    if (!points) return;
    stop();
    if (points[needs]) open(name);
  });
}

/** The tabs of one group; returns `open(name)`. */
function tabsOf(sections, context, remember) {
  const { store } = context;
  const row = h("div", { class: "tab-row", role: "tablist" });
  const group = { sections, tabs: [], others: [], list: h("div", { class: "tablist" }, row), openName: null };
  const built = new Set([nameOf(sections[0])]);
  const open = async (name) => {
    group.openName = name;
    const index = select(group, name);
    const load = () => build(sections[index], context).then(() => built.add(name), (error) => report(store, error));
    if (!built.has(name)) await load();
    if (group.openName === name && built.has(name)) show(group, index);
    remember(name);
    group.update();
  };
  group.tabs = sections.map((section) => tabButton(section, enlarging(section, open)));
  row.append(...group.tabs);
  group.more = moreButton(group, (section) => enlarging(section, open)(nameOf(section)));
  group.list.append(group.more);
  group.list.addEventListener("keydown", (event) => (
    moveFocus(event, group.tabs.filter(({ hidden }) => !hidden))?.click()));
  // The list becomes narrower when the tools of a panel appear, after the tab was scrolled into view.
  new ResizeObserver(() => scrollToOpen(group.list)).observe(group.list);
  select(group, nameOf(sections[0]));
  show(group, 0);
  followState(group, store, open);
  return open;
}

/** The button of the tabs that do not fit the run. */
const moreButton = (group, open) => h("button", {
  type: "button", class: "tab", hidden: true, text: t("studio.tabs.more"),
  on: { click: async () => (await load(() => import("./more-tabs.js"))).openMore(group.more, group.others, open) },
});

/** `open`, which in presentation mode enlarges all panels but the curves: their boxes are too low there. */
const enlarging = (section, open) => async (name) => {
  await open(name);
  const { dataset, classList, hidden } = section;
  if (PRESENT && dataset.panel !== "curves" && !hidden && !classList.contains("enlarged")) enlarge(section);
};

/** Opens when it is pressed: a list that another tab moves to its panel meanwhile gets no click at the release. */
function tabButton(section, open) {
  const press = (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // the browser gives no focus to what moves
    event.currentTarget.focus();
    open(nameOf(section));
  };
  return h("button", {
    type: "button", class: "tab", role: "tab", id: `tab-${nameOf(section)}`, "aria-controls": section.id,
    text: section.ariaLabel, on: { mousedown: press, click: () => open(nameOf(section)) },
  });
}

/** Selects one tab and shows it in the list; returns its index. */
function select({ sections, tabs }, name) {
  tabs.forEach((tab, index) => {
    const selected = nameOf(sections[index]) === name;
    setAttribute(tab, "aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
    if (selected) setProperty(tab, "hidden", false);
  });
  return tabs.findIndex((tab) => tab.tabIndex === 0);
}

/** Shows the tabs that apply; opens a leading tab when it begins to apply, the first when the open one does not. */
function followState(group, store, open) {
  const { sections, tabs, list } = group;
  let wasLeading = false;
  const update = () => {
    const state = store.get();
    const offered = sections.filter((section, index) => isOffered(section, tabs[index], state));
    group.others = offered.filter((section) => nameOf(section) !== group.openName && !fits(section, state));
    const isListed = (section) => offered.includes(section) && !group.others.includes(section);
    sections.forEach((section, i) => setProperty(tabs[i], "hidden", !isListed(section)));
    setProperty(group.more, "hidden", !group.others.length);
    setProperty(list, "hidden", offered.length < 2);
    const leading = state.catalogue && offered.find(({ dataset }) => "leads" in dataset);
    if (leading && !wasLeading && [null, nameOf(sections[0])].includes(group.openName)) open(nameOf(leading));
    if (state.catalogue) wasLeading = Boolean(leading);
    if (tabs.find((tab) => tab.tabIndex === 0).hidden && offered.length) open(nameOf(offered[0]));
  };
  store.watch((_, changed) => FOLLOWED.some((key) => changed.includes(key)) && update());
  group.update = update;
  update();
}

/** Whether the run has the value that the tab is about, "path=value"; `*` in the path stands for every layer. */
function fits({ dataset }, { run, draft }) {
  if (!dataset.fits) return true;
  const [path, value] = dataset.fits.split("=");
  const [list, name] = path.split(".*.");
  const found = getPath(run?.config ?? draft ?? {}, list);
  const values = name ? (found ?? []).map((item) => item[name]) : [found];
  return values.length > 0 && values.every((other) => other === value);
}

/** A tab is offered if its view applies and the data have the property that it needs, or if it is open. */
function isOffered({ dataset }, tab, state) {
  if ("waits" in dataset && !state.catalogue) return false; // its view applies to no supervised task
  return viewApplies(state, dataset.panel)
    && (!dataset.needs || Boolean(state.points?.[dataset.needs]) || tab.tabIndex === 0);
}

/** Imports the module of a section; its `panel(section, context)` returns a panel for the render loop, or several. */
async function build(section, context) {
  if (section.dataset.built) return;
  const { panel } = await import(`../panels/${nameOf(section)}/index.js`);
  if (section.dataset.built) return;
  section.dataset.built = true;
  context.loop.add([panel(section, context)].flat());
}

function report(store, { message }) {
  const text = t("studio.tabs.not_loaded", { reason: message });
  store.set({ notice: { text, kind: "error", at: performance.now() } });
}

/** Shows one section with the tabs in its header. The group stays enlarged, and the focus stays on the tab. */
function show({ sections, list }, index) {
  const section = sections[index];
  const focused = list.contains(document.activeElement) && document.activeElement;
  const enlarged = sections.find((other) => other !== section && other.classList.contains("enlarged"));
  for (const other of sections) setProperty(other, "hidden", other !== section);
  const names = section.querySelector(".panel-names");
  if (list.parentElement !== names) names.prepend(list);
  if (enlarged) enlarge(section);
  if (focused) focused.focus();
  scrollToOpen(list);
}

/** Scrolls the list so that the open tab and a part of the one before it are visible. */
function scrollToOpen(list) {
  const tab = list.querySelector("[aria-selected=true]");
  list.scrollLeft = tab.offsetLeft - list.offsetLeft - 40;
}
