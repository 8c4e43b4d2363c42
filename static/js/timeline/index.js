// The time line: every step of the attempt can be shown again, while the training goes on. Loaded after the first step.

import { followAddress } from "./address.js";
import { attemptMenu } from "./attempt-menu.js";
import { presentAttempt } from "./attempts.js";
import { timeBar } from "./bar.js";
import { bookmarkMenu } from "./bookmark-menu.js";
import { followBookmarks } from "./bookmarks.js";
import { startBranches } from "../branch/start.js";
import { createCommands, keyCommands, KEYS } from "./commands.js";
import { compareButton } from "../reference/button.js";
import { timeControls } from "./controls.js";
import { followCurves } from "./curves.js";
import { emptyLog, followLog } from "./log.js";
import { load } from "../core/loading.js";
import { startKeys } from "../studio/keyboard.js";
import { startLiveText } from "../studio/live-text.js";
import { startPlayer } from "./player.js";
import { atStart } from "./playback.js";
import { followPoints } from "./points.js";
import { followSettings } from "./shown-settings.js";
import { createPosition } from "./position.js";

/** Fills the section of the time line and starts everything that it moves. */
export function startTimeline(context) {
  const { store, session, loop, actions } = context;
  const { run } = store.get();
  const log = emptyLog(run.id, run.attempt);
  store.set({ timeline: { play: atStart(), log, bookmarks: [], opened: null, ...presentAttempt() } });
  const commands = createCommands(store, createPosition(store, session));
  const { element, panel } = timeBar(store, commands);
  // For the advice, and for experiments of lessons, which begin in the present.
  Object.assign(actions, { showStep: commands.seek, follow: commands.follow });
  startAdvice(context);
  const refuse = ({ message }) => store.set({ notice: { text: message, kind: "error", at: performance.now() } });
  const menus = [attemptMenu(store, commands, refuse), bookmarkMenu(store, commands, refuse)];
  const controls = timeControls(commands, ...menus);
  const branches = startBranches({ store, session, follow: commands.follow });
  document.getElementById("timeline").replaceChildren(controls.place, branches.element, element, controls.buttons);
  if (!document.body.dataset.lesson) startComparing(context, controls.buttons);
  loop.add([panel, controlsPanel(controls), historyMark(), ...branches.panels]);
  if (document.querySelector("#panel-curves .curves-box")) loop.add([followCurves(store, commands)]);
  startKeys({ ...keyCommands(commands), bookmark: menus[1].open }, KEYS);
  startPlayer(store, commands.advance);
  followPoints(store);
  // Before the address is read, because another run would be followed.
  followLog(store, commands.follow);
  followBookmarks(store);
  followRefusals(store, commands);
  startLiveText(context);
  if (document.body.dataset.lesson) return; // which always begins with a new run
  loop.add([followSettings(context)]);
  followAddress(store, commands);
}

/** Mounts the line of advice, which has nothing to say before the first step; lessons have none. */
async function startAdvice(context) {
  const section = document.getElementById("advice");
  if (section) context.loop.add([(await load(() => import("../panels/advice/index.js"))).panel(section, context)]);
}

/** The button that keeps a step as A; lessons have none. */
function startComparing(context, buttons) {
  const { element, panel } = compareButton(context);
  buttons.append(element);
  context.loop.add([panel]);
}

const controlsPanel = ({ draw }) => ({ name: "timeline-controls", needs: ["timeline", "run", "shown"], draw });

/** Marks the page while an earlier step is shown. */
const historyMark = () => ({
  name: "history-mark", needs: ["shown"],
  draw: ({ shown }) => document.documentElement.classList.toggle("in-history", Boolean(shown)),
});

/** Follows again if the server refuses the step, and shows why. */
function followRefusals(store, { follow }) {
  store.watch(({ viewError, shown }, changed) => {
    if (!changed.includes("viewError") || !shown || !viewError?.field?.startsWith("at")) return;
    follow();
    store.set({ viewError: null, notice: { text: viewError.message, kind: "error", at: performance.now() } });
  });
}
