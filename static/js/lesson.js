// A lesson: prose beside a run of its own, drawn by the studio's panels; every "try" is one click.

import { createActions } from "./actions.js";
import { api } from "./api.js";
import { livePatterns } from "./changes.js";
import { startKeys } from "./keys.js";
import { notices } from "./notices.js";
import { enlarge } from "./panels/panel.js";
import { explain } from "./refusals.js";
import { startRendering } from "./render.js";
import { createSession } from "./session.js";
import { complete } from "./share.js";
import { beginning, createStore, same } from "./state.js";
import { startTheme } from "./theme.js";
import { transport } from "./transport.js";
import { followViews } from "./watching.js";

const lesson = JSON.parse(document.getElementById("lesson").textContent);
const { version, plotly } = document.body.dataset;
const at = (id) => document.getElementById(id);
const sections = [...document.querySelectorAll("[data-panel]")];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
const STORED = `perceptarium-${location.pathname}`;
window.leftBehind = (reloaded && sessionStorage.getItem(STORED)) || null;

const store = createStore(beginning({
  speed: lesson.speed, title: document.title,
  // What this lesson has no panel for is not asked of the server.
  shown: Object.fromEntries(["boundary", "network", "layers"].map((panel) => [panel, Boolean(at(`panel-${panel}`))])),
}));
const session = createSession(store);
const theme = startTheme(store);
const escape = () => {
  const large = document.querySelector(".panel.enlarged");
  if (large) enlarge(large);
  else store.set({ pinned: null, hovered: null });
};
const actions = { ...createActions(store, session), theme: theme.toggle, help: async () => (await import("./help.js")).openHelp(version),
  enlarge: () => enlarge(document.querySelector(".panel.enlarged") ?? document.querySelector(".panel:hover") ?? sections[0]), escape, again: begin };
const loop = startRendering(store, [transport(at("transport"), store, actions), notices(at("notices"), store, actions)], { calm: () => calm.matches });
window.__perceptarium = {
  get state() { return store.get(); },
  get settled() { return session.settled(); },
  get idle() { return session.idle(); },
  get watched() { return session.watched(); },
  counters: loop.counters,
};
startKeys(actions);
followViews(store, session, sections, calm);
new ResizeObserver(() => store.set({ width: `${innerWidth}x${innerHeight}/${at("studio").clientWidth}` })).observe(at("studio"));
for (const button of document.querySelectorAll("[data-try]")) button.addEventListener("click", () => attempt(lesson.tries[Number(button.dataset.try)], button));
store.watch(({ run }, changed) => {
  if (changed.includes("run") && run) at("to-studio").setAttribute("href", `/runs/${run.id}`);
});
begin();
furnish();

async function begin() {
  store.set({ failure: null });
  const described = Promise.all([api.catalogue(), api.schema()]).then(([catalogue, schema]) => store.set({ catalogue, schema, live: livePatterns(schema) }));
  const config = complete(lesson.config);
  store.set({ wanted: config });
  try {
    const [run] = await Promise.all([session.begin(config), described]);
    sessionStorage.setItem(STORED, run.id);
    await setWeights();
  } catch (error) {
    explain({ store }, error);
    store.set({ failure: error.message, notice: null });
  }
}

const setWeights = () => lesson.weights.length && session.operate({ weights: lesson.weights });

/** The lesson's configuration with some of it changed; another data set brings its own options. */
function changed(changes) {
  const config = { ...lesson.config, ...changes };
  const sameData = !changes.dataset?.name || changes.dataset.name === lesson.config.dataset.name;
  return complete({ ...config, dataset: sameData ? { ...lesson.config.dataset, ...changes.dataset } : changes.dataset });
}

/** One click: another configuration from its beginning, with the weights it begins with, training or not. */
async function attempt({ changes, start, weights, speed }, button) {
  for (const each of document.querySelectorAll("[data-try]")) each.setAttribute("aria-pressed", String(each === button));
  const wanted = changed(changes);
  if (store.get().run?.status === "running") await session.command("pause");
  if (same(wanted, store.get().wanted)) await session.command("reset");
  store.set({ wanted, pinned: null, hovered: null });
  await session.reconcile();
  if (speed ?? lesson.speed) actions.setSpeed(speed ?? lesson.speed);
  if (weights) await setWeights();
  if (start) await session.command("start");
  if (at("panels").getBoundingClientRect().top > innerHeight * 0.6) at("panels").scrollIntoView({ behavior: calm.matches ? "instant" : "smooth" });
}

const MODULES = { boundary: "boundaryPanel", curves: "curvesPanel", layers: "layersPanel" };

/** The panels this lesson shows; Plotly only where one of them reads better with it. */
async function furnish() {
  const context = { store, actions, loop, plotly };
  await Promise.all(sections.map(async (section) => loop.add(await made(section, context))));
  if (!at("panel-curves") && !at("panel-boundary")) return;
  const { loadPlotly } = await import("./panels/curves.js");
  loadPlotly(plotly).then(() => store.set({ plotly: true }), () => store.set({ plotly: false }));
}

async function made(section, context) {
  const name = section.dataset.panel;
  const module = await import(`./panels/${name}.js`);
  if (name === "network") {
    const { layerControls } = await import("./panels/layer-controls.js");
    const controls = layerControls(store, actions);
    return [module.networkPanel(section, store, actions, controls), controls];
  }
  return [MODULES[name] ? module[MODULES[name]](section, store) : module.panel(section, context)];
}
