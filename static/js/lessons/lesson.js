// A lesson: prose beside a run of its own, drawn by the studio's panels; every "try" is one click.

import { complete } from "../studio/sharing.js";
import { same } from "../core/store.js";

const STORED = `perceptarium-${location.pathname}`;
const at = (id) => document.getElementById(id);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const told = () => JSON.parse(at("lesson").textContent);

/** Make the lesson's run, with the weights it begins with; a reload takes the place of the one before. */
export async function beginLesson({ store, session }) {
  const lesson = told();
  // What this lesson has no panel for is not asked of the server.
  const absent = ["decision_boundary", "network", "activation_histograms"].filter((panel) => !document.querySelector(`[data-panel=${panel}]`));
  const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
  window.leftBehind = (reloaded && sessionStorage.getItem(STORED)) || null;
  const config = complete(lesson.config);
  store.set({ draft: config, visiblePanels: { ...store.get().visiblePanels, ...Object.fromEntries(absent.map((panel) => [panel, false])) } });
  const run = await session.begin(config);
  sessionStorage.setItem(STORED, run.id);
  await setWeights(session, lesson);
}

const setWeights = (session, { weights }) => weights.length && session.editWeights({ weights });

/** The lesson's panels, and its tries. */
export async function mountLesson(context) {
  const lesson = told();
  for (const button of document.querySelectorAll("[data-try]")) button.addEventListener("click", () => attempt(context, lesson, lesson.tries[Number(button.dataset.try)], button));
  const follow = ({ run }) => run && at("to-studio").setAttribute("href", `/runs/${run.id}`);
  follow(context.store.get());
  context.store.watch((state, changed) => changed.includes("run") && follow(state));
  const sections = [...document.querySelectorAll("[data-panel]")].filter((section) => section.dataset.panel !== "decision_boundary");
  await Promise.all(sections.map(async (section) => context.loop.add(await made(section, context))));
}

/** The lesson's configuration with some of it changed; another data set brings its own options. */
function changed(lesson, changes) {
  const config = { ...lesson.config, ...changes };
  const sameData = !changes.dataset?.name || changes.dataset.name === lesson.config.dataset.name;
  return complete({ ...config, dataset: sameData ? { ...lesson.config.dataset, ...changes.dataset } : changes.dataset });
}

/** One click: another configuration from its beginning, with the weights it begins with, training or not. */
async function attempt({ store, session, actions }, lesson, { changes, start, weights, speed }, button) {
  for (const each of document.querySelectorAll("[data-try]")) each.setAttribute("aria-pressed", String(each === button));
  const draft = changed(lesson, changes);
  if (store.get().run?.status === "running") await session.command("pause");
  if (same(draft, store.get().draft)) await session.command("reset");
  store.set({ draft, pinned: null, hovered: null });
  await session.reconcile();
  if (store.get().notice?.kind === "info") store.set({ notice: null }); // it was asked for; it would cover the prose
  actions.setSpeed(speed ?? lesson.speed);
  if (weights) await setWeights(session, lesson);
  if (start) await session.command("start");
  const panels = at("panels");
  if (panels.getBoundingClientRect().top > innerHeight * 0.6) panels.scrollIntoView({ behavior: calm() ? "instant" : "smooth" });
}

async function made(section, context) {
  const { panel } = await import(`../panels/${section.dataset.panel}/index.js`);
  return [panel(section, context)].flat();
}
