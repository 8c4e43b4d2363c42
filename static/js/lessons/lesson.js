// A lesson: text beside a run, drawn by the studio's panels; each attempt has a button.

import { notationSwitch, writeLetters } from "../core/notation.js";
import { load } from "../core/loading.js";
import { withDefaults } from "../studio/shared-config.js";
import { same } from "../core/store.js";
import { listenToPageKeys } from "./page-keys.js";
import { beginRow, followResults } from "./results.js";
import { openStep } from "./step.js";

const STORAGE_KEY = `perceptarium-${location.pathname}`;
const byId = (id) => document.getElementById(id);

/** The draft of a configuration of the lesson; that of another paradigm is complete. */
const draftOf = (config) =>
  ((config.paradigm ?? "supervised") === "supervised" ? withDefaults(config) : config);

const lessonData = () => JSON.parse(byId("lesson").textContent);

/** Creates the lesson's run with its initial weights; a reload replaces the run of this tab. */
export async function beginLesson({ store, session }) {
  const lesson = lessonData();
  // Views without a panel in this lesson are not requested from the server.
  const unusedPanels = ["decision_boundary", "network", "activation_histograms"].filter(
    (panel) => !document.querySelector(`[data-panel=${panel}]`),
  );
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  window.replacedRun = (isReload && sessionStorage.getItem(STORAGE_KEY)) || null;
  const config = draftOf(lesson.config);
  store.set({
    draft: config,
    tracedSample: Object.keys(lesson.sample).length ? lesson.sample : null,
    activationOptions: lesson.activation ? { activation: lesson.activation } : null,
    visiblePanels: { ...store.get().visiblePanels, ...Object.fromEntries(unusedPanels.map((panel) => [panel, false])) },
  });
  const run = await session.begin(config);
  sessionStorage.setItem(STORAGE_KEY, run.id);
  await setWeights(session, lesson);
}

const setWeights = (session, { weights }) => weights.length && session.editWeights({ weights });

/** Mounts the lesson's panels and connects the buttons of its attempts. */
export async function mountLesson(context) {
  const lesson = lessonData();
  for (const button of document.querySelectorAll("[data-try]"))
    button.addEventListener("click", () => open(context, lesson, lesson.tries[Number(button.dataset.try)], button));
  listenToPageKeys();
  followResults(context.store, lesson.goal);
  if (document.querySelector("[data-letter]")) showNotation(context.store);
  const updateLink = ({ run }) => run && byId("to-studio").setAttribute("href", `/runs/${run.id}`);
  updateLink(context.store.get());
  context.store.watch((state, changed) => changed.includes("run") && updateLink(state));
  const sections = [...document.querySelectorAll("[data-panel]")].filter(
    (section) => section.dataset.panel !== "decision_boundary",
  );
  await Promise.all(sections.map(async (section) => context.loop.add(await mountPanel(section, context))));
  if (lesson.questions.length) await showQuestions(lesson.questions);
  openNamed(lesson);
  window.addEventListener("hashchange", () => openNamed(lesson));
}

const showQuestions = async (questions) =>
  (await load(() => import("./questions/index.js"))).mountQuestions(questions);

/** Opens the experiment that the address names after `#`. */
function openNamed({ tries }) {
  const button = document.querySelector(`[data-try="${tries.findIndex(({ name }) => `#${name}` === location.hash)}"]`);
  button?.click();
  button?.scrollIntoView({ block: "center" });
}

/** Writes the letters of the chosen notation into the text, with a button that switches it. */
function showNotation(store) {
  const text = document.querySelector(".lesson-text");
  text.querySelector(".lesson-line").after(notationSwitch(store));
  const show = (state) => writeLetters(text, state);
  store.watch((state, changed) => changed.includes("notation") && show(state));
  show(store.get());
}

/** Opens an experiment: its prediction, or the run at once where there is none. */
function open(context, lesson, attempt, button) {
  for (const other of document.querySelectorAll("[data-try]"))
    other.setAttribute("aria-pressed", String(other === button));
  openStep(context, attempt, () => startAttempt(context, lesson, attempt));
}

/** Starts an attempt: a configuration at step 0 with its initial weights, training if `start`. */
async function startAttempt({ store, session, actions }, lesson, attempt) {
  const { config, start, weights, speed, title } = attempt;
  const draft = draftOf(config);
  actions.follow?.(); // weights can be set only while no earlier step is shown
  if (store.get().run?.status === "running") await session.command("pause");
  if (same(draft, store.get().draft)) await session.command("reset");
  store.set({ draft, pinned: null, hovered: null });
  await session.reconcile();
  beginRow(store, title);
  if (store.get().notice?.kind === "info") store.set({ notice: null }); // the notice would cover the text
  actions.setSpeed(speed ?? lesson.speed);
  if (weights) await setWeights(session, lesson);
  if (start) await session.command("start");
}

async function mountPanel(section, context) {
  const { panel } = await import(`../panels/${section.dataset.panel}/index.js`);
  return [panel(section, context)].flat();
}
