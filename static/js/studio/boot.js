// Boot: make or open the run and draw its first picture; everything else of the studio follows behind it.

import { createActions } from "./actions.js";
import { api } from "../core/api.js";
import { livePatterns } from "./form/config-changes.js";
import { startKeys } from "./keyboard.js";
import { notices } from "./notices.js";
import { LARGE } from "../panels/shared/axes.js";
import { panel as largePanel } from "../panels/decision_boundary/index.js";
import { enlarge } from "../panels/shared/panel.js";
import { completed, followParadigm, paradigmOf } from "./problem.js";
import { startRendering } from "../core/render-loop.js";
import { explain } from "./form/rejected-values.js";
import { createSession } from "./session.js";
import { defaultConfig, fromHash, toHash } from "./sharing.js";
import { FAMILIES, initialState } from "./state.js";
import { createStore } from "../core/store.js";
import { startTheme } from "../core/theme.js";
import { transport } from "./transport.js";
import { followViews } from "./view-subscriptions.js";

const { runId, version, plotly, speed, lesson } = document.body.dataset;
const at = (id) => document.getElementById(id);
const LONGEST_WITHOUT = 700; // ms that the panels wait for the first picture
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const store = createStore(initialState(Number(speed)), FAMILIES);
const session = createSession(store);
const theme = startTheme(store);
const actions = { ...createActions(store, session), theme: theme.toggle, help: async () => (await import("./help.js")).openHelp(version), wizard: async () => (await import("./task-wizard.js")).openWizard(store, actions), enlarge: enlargeHere, escape, again: boot };

const output = at("panel-decision_boundary");
const bar = [transport(at("transport"), store, actions), notices(at("notices"), store, actions)];
const loop = startRendering(store, bar, { calm: () => calm.matches });
const context = { store, actions, loop, plotly, editable: !lesson }; // what every panel(section, context) is given
if (output) loop.add([largePanel(output, context)].flat());
followViews(store, session, [...document.querySelectorAll("[data-panel]")], calm);
followParadigm(store);
startKeys(actions);
document.addEventListener("click", ({ target }) => target.dataset.revert && actions.revert(target.dataset.revert));
if (!lesson) shareInAddress();
new ResizeObserver(() => store.set({ layoutSize: `${innerWidth}x${innerHeight}/${at("studio").clientWidth}` })).observe(at("studio"));
document.documentElement.classList.toggle("present", LARGE > 1);
// Read-only, for tests and for the curious: the last decoded frames and what was drawn how often.
window.__perceptarium = {
  get state() { return store.get(); },
  get settled() { return session.settled(); },
  get idle() { return session.idle(); },
  get watched() { return session.watched(); },
  counters: loop.counters,
};
boot();
mountLater();

async function boot() {
  store.set({ failure: null });
  const described = Promise.all([api.catalogue(), api.schema()]).then(([catalogue, schema]) => store.set({ catalogue, schema, livePatterns: livePatterns(schema) }));
  try {
    await Promise.all([runId ? session.open(runId) : lesson ? beginLesson() : comeBackOrBegin(described), described]);
  } catch (error) {
    explain({ store }, error);
    store.set(runId && error.status === 404 ? { connection: "gone", notice: null } : { failure: error.message, notice: null });
  }
}

/** Back at the run that this entry of the browser's history was about, if it is still there; else a first run. */
async function comeBackOrBegin(described) {
  try {
    if (window.comingBack) return await session.open(window.comingBack);
  } catch (error) {
    if (error.status !== 404) throw error;
  }
  return beginFresh(described);
}

/** A first run from the address if it carries a configuration, else the default; of a refused one the rest is kept. */
async function beginFresh(described) {
  const shared = fromHash(location.hash);
  const other = shared && paradigmOf(shared) !== "supervised";
  if (other) await described;
  const config = other ? completed(store.get().catalogue, shared) : shared ?? defaultConfig();
  const { early } = window;
  window.early = null;
  store.set({ draft: config });
  await session.begin(config, shared ? null : early).catch(async (error) => {
    if (!shared || error.status !== 422) throw error;
    await (await import("./config-repair.js")).beginRepaired(store, session, config, error);
  });
}

async function beginLesson() {
  await (await import("../lessons/lesson.js")).beginLesson({ store, session });
}

/** The rest of the studio: fetched at once, built when the first picture stands (or does not come). */
async function mountLater() {
  if (lesson) return (await import("../lessons/lesson.js")).mountLesson({ ...context, session });
  const rest = import("./mount-panels.js");
  await Promise.race([firstPicture(), new Promise((resolve) => setTimeout(resolve, LONGEST_WITHOUT))]);
  (await rest).mountPanels(context);
}

function firstPicture() {
  return new Promise((resolve) => {
    const undo = store.watch((state) => {
      if (!state["view:decision_boundary"]) return;
      undo();
      requestAnimationFrame(() => setTimeout(resolve));
    });
  });
}

/** The address follows the configuration; a run's permalink follows the run. */
function shareInAddress() {
  let timer = 0;
  store.watch((_, changed) => {
    if (!["draft", "run", "errors"].some((key) => changed.includes(key))) return;
    timer ||= setTimeout(() => {
      timer = 0;
      const { run, draft } = store.get();
      const address = runId ? `/runs/${run?.id ?? runId}` : `/${location.search}${toHash(session.accepted())}`;
      if (run && draft && (history.state?.run !== run.id || `${location.pathname}${location.search}${location.hash}` !== address)) history.replaceState({ run: run.id }, "", address);
    }, 300);
  });
}

function enlargeHere() {
  // A section whose tab was just left may count as hovered until the pointer moves on.
  const under = [".panel.enlarged", ".panel:hover:not([hidden])", ".panel:focus-within:not([hidden])", ".panel[data-panel]:not([hidden])"].reduce((found, way) => found ?? document.querySelector(way), null);
  enlarge(under);
}

function escape() {
  const large = document.querySelector(".panel.enlarged");
  if (large) return enlarge(large);
  store.set({ pinned: null, hovered: null, ...(store.get().pinned ? {} : { sideBySide: [] }) });
}
