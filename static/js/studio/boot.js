// Boot: creates or opens the run and draws its first frame. The other panels are mounted after it.

import { createActions } from "./actions.js";
import { api } from "../core/api.js";
import { livePatterns } from "./form/config-changes.js";
import { listen, setProperty } from "../core/dom.js";
import { idle } from "../core/idle.js";
import { startKeys } from "./keyboard.js";
import { load } from "../core/loading.js";
import { notices } from "./notices.js";
import { PRESENT } from "../panels/shared/axes.js";
import { panel as largePanel } from "../panels/decision_boundary/index.js";
import { enlarge } from "../panels/shared/panel.js";
import { isSchemaOf } from "./problem.js";
import { startRendering } from "../core/render-loop.js";
import { explain } from "./errors.js";
import { createSession } from "./session.js";
import { defaultConfig, toHash } from "./sharing.js";
import { FAMILIES, initialState } from "./state.js";
import { createStore, isTraining } from "../core/store.js";
import { startTheme } from "../core/theme.js";
import { transport } from "./transport.js";
import { followViews } from "./view-subscriptions.js";

const { runId, version, plotly, speed, lesson, readOnly } = document.body.dataset;
const byId = (id) => document.getElementById(id);
const MAX_WAIT = 700; // ms that the other panels wait for a picture
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const store = createStore(initialState(speed === "max" ? speed : Number(speed)), FAMILIES);
const session = createSession(store);
api.errorText = (error) => import("./error-text.js").then(({ errorText }) => errorText(error), () => null);
const theme = startTheme(store);
const actions = {
  ...createActions(store, session),
  theme: theme.toggle,
  help: async () => (await import("./help.js")).openHelp(version, lesson ? null : store),
  wizard: async () => (await import("./task-wizard.js")).openWizard(store, actions),
  present: async () => (await import("./present.js")).togglePresentation(store),
  enlarge: async () => (await import("./enlarge.js")).enlargeHere(),
  escape,
  again: boot,
};

const output = byId("panel-decision_boundary");
const bar = [transport(byId("transport"), store, actions), notices(byId("notices"), store, actions)];
const loop = startRendering(store, bar, { calm: () => calm.matches });
// The second argument of every panel(section, context).
const context = { store, session, actions, loop, plotly, editable: !lesson && !readOnly };
if (output) loop.add([largePanel(output, context)].flat());
followViews(store, session, [...document.querySelectorAll("[data-panel]")], calm);
store.watch(followParadigm);
startKeys(actions);
document.addEventListener("click", ({ target }) => target.dataset.revert && actions.revert(target.dataset.revert));
if (!lesson) shareInAddress();
const layoutSize = () => `${innerWidth}x${innerHeight}/${byId("studio").clientWidth}`;
new ResizeObserver(() => store.set({ layoutSize: layoutSize() })).observe(byId("studio"));
document.documentElement.classList.toggle("present", PRESENT);
// An error without another message, such as that of a file to be saved.
listen(window, "unhandledrejection", ({ reason }) =>
  store.set({ notice: { text: reason?.message ?? String(reason), kind: "error", at: performance.now() } }));
// Read-only, for tests and debugging: the state with the newest frames, whether it is drawn, and how often each panel.
window.__perceptarium = {
  get state() {
    return store.get();
  },
  get settled() {
    return session.settled();
  },
  get idle() {
    return session.idle();
  },
  get watched() {
    return session.watched();
  },
  get drawn() {
    return !loop.isWaiting;
  },
  counters: loop.counters,
};
if (readOnly) import("./read-only.js").then(({ refuseChanges }) => refuseChanges(store, actions));
boot();
mountLater();
offerTermsLater();

async function boot() {
  store.set({ failure: null });
  const requests = window.early?.description.map((request) => api.answer(request));
  const description = Promise.all(requests ?? [api.catalogue(), api.schema()]).then(([catalogue, schema]) =>
    store.set({ catalogue, schema, livePatterns: livePatterns(schema) }),
  );
  try {
    await Promise.all([runId ? session.open(runId) : lesson ? beginLesson() : reopenOrBegin(description), description]);
  } catch (error) {
    await explain({ store }, error);
    showUntrained(false); // there is nothing to train
    store.set(
      runId && error.status === 404 ? { connection: "gone", notice: null } : { failure: error.message, notice: null },
    );
  }
}

/** Opens the run of this entry of the browser's history if it still exists; else creates a run. */
async function reopenOrBegin(description) {
  try {
    if (window.reopenedRun) return await session.open(window.reopenedRun);
  } catch (error) {
    if (error.status !== 404) throw error;
  }
  return beginFresh(description);
}

/** Creates a run of the configuration in the address or of the default one; rejected values are left out. */
async function beginFresh(description) {
  const shared = location.hash.length < 8 ? null : await sharedConfig(description);
  const config = shared ?? defaultConfig();
  const { early } = window;
  window.early = null;
  store.set({ draft: config });
  await session.begin(config, shared ? null : early).catch(async (error) => {
    if (!shared || error.status !== 422) throw error;
    await (await import("./config-repair.js")).beginRepaired({ store, session, description }, config, error);
  });
}

async function sharedConfig(description) {
  const { fromHash } = await import("./shared-config.js");
  return fromHash(location.hash, () => description.then(() => store.get().catalogue));
}

/** Offers the definitions of labels from the first use of pointer or keyboard on, after what that use asked for. */
function offerTermsLater() {
  let [last, waiting] = [null, null];
  const offer = async (asked) => {
    const { offerTerms } = await load(() => import("../glossary/offer.js"));
    for (const stop of stops) stop();
    offerTerms(asked ?? last);
  };
  const use = (event) => {
    last = event;
    if (event.key === "F1") offer(event); // also if the pointer moves before the module is loaded
    else if (event.type !== "focusin") waiting ??= idle(300).then(() => offer());
  };
  const stops = ["pointerover", "keydown", "focusin"].map((type) => listen(document, type, use));
}

async function beginLesson() {
  await (await import("../lessons/lesson.js")).beginLesson({ store, session });
}

/** Loads the other panels with the first picture, and mounts them once it is on the screen. */
async function mountLater() {
  if (lesson) await (await import("../lessons/lesson.js")).mountLesson(context);
  else {
    const limit = new Promise((resolve) => setTimeout(resolve, MAX_WAIT));
    await Promise.race([nextPicture(), limit]);
    const otherPanels = import("./mount-panels.js");
    await Promise.race([shown(), limit]);
    (await otherPanels).mountPanels(context);
  }
  startTimelineLater();
}

/** Loads the time line after the first step of a run, for earlier attempts, or if the address asks for a step. */
function startTimelineLater() {
  const start = ({ run }) => {
    if (!run) return;
    const untrained = !(run.step || run.attempt || /[?&](step|attempt|bookmark)=/.test(location.search));
    showUntrained(untrained);
    if (untrained) return;
    stop();
    // The first steps are drawn before the browser is busy with the time line.
    idle(200).then(() => load(() => import("../timeline/index.js")))
      .then(({ startTimeline }) => startTimeline(context));
  };
  const stop = store.watch(start);
  start(store.get());
}

/** Shows the advice for an untrained run, or hides it; that of a trained one comes with the time line. */
function showUntrained(untrained) {
  const line = byId("advice");
  if (!line) return; // in a lesson
  if (untrained) line.dataset.kind = "untrained";
  else delete line.dataset.kind;
  for (const part of line.children) setProperty(part, "hidden", !untrained);
}

/** Fetches the schema of the draft's paradigm when the draft changes to another paradigm. */
async function followParadigm({ schema, draft }) {
  if (schema && draft && !isSchemaOf(schema, draft)) (await load(() => import("./schema.js"))).fetchSchema(store);
}

/** Resolves with the next frame of the output map. */
function nextPicture() {
  const before = store.get()["view:decision_boundary"];
  return new Promise((resolve) => {
    const stop = store.watch((state) => {
      if (state["view:decision_boundary"] === before) return;
      stop();
      resolve();
    });
  });
}

/** Resolves once what is drawn in the next animation frame is on the screen. */
const shown = () => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
});

/**
 * Keeps the address equal to a link to the configuration or, from the first step or edit on, to the link to the run:
 * a reload shows it as it is.
 */
function shareInAddress() {
  let timer = 0;
  const write = (isDue) => {
    timer = 0;
    const { run, draft } = store.get();
    const { runId } = document.body.dataset; // changes when the page shows another run (branch/open.js)
    if (!run || !draft) return;
    if (!session.idle() && !isDue) return later(); // the page may be about to show another run
    const path = runId ? `/runs/${run.id}` : "/";
    const address = path + location.search + (runId ? "" : toHash(session.accepted()));
    if (history.state?.run !== run.id || `${location.pathname}${location.search}${location.hash}` !== address) {
      history.replaceState({ run: run.id }, "", address);
    }
  };
  const later = () => (timer ||= setTimeout(write, 300));
  store.watch(({ run, parametersEditedAt }, changed) => {
    const isTouched = run?.step > 0 || isTraining(run) || parametersEditedAt;
    if (isTouched && !document.body.dataset.runId) {
      document.body.dataset.runId = run.id;
      sessionStorage.removeItem("perceptarium-run");
      write(true);
    } else if (["draft", "run", "errors"].some((key) => changed.includes(key))) later();
  });
}

function escape() {
  const large = document.querySelector(".panel.enlarged");
  if (large) return enlarge(large);
  store.set({ pinned: null, hovered: null, ...(store.get().pinned ? {} : { sideBySide: [] }) });
}
