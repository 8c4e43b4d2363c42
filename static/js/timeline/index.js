// The time line: every step of the attempt can be shown again, while the training goes on. Loaded with the first step.

import { followAddress } from "./address.js";
import { timeBar } from "./bar.js";
import { createCommands, keyCommands, KEYS } from "./commands.js";
import { timeControls } from "./controls.js";
import { followCurves } from "./curves.js";
import { emptyLog, followLog } from "./log.js";
import { startKeys } from "../studio/keyboard.js";
import { startPlayer } from "./player.js";
import { atStart } from "./playback.js";
import { followPoints } from "./points.js";
import { createPosition } from "./position.js";

/** Fills the section of the time line and starts everything that it moves. */
export function startTimeline({ store, session, loop }) {
  const { run } = store.get();
  store.set({ timeline: { play: atStart(), log: emptyLog(run.id, run.attempt) } });
  const commands = createCommands(store, createPosition(store, session));
  const { element, panel } = timeBar(store, commands);
  const controls = timeControls(commands);
  document.getElementById("timeline").replaceChildren(controls.position, element, controls.buttons);
  const controlsPanel = { name: "timeline-controls", needs: ["timeline", "run", "shown"], draw: controls.draw };
  loop.add([panel, controlsPanel, historyMark(), followCurves(store, commands)]);
  startKeys(keyCommands(commands), KEYS);
  startPlayer(store, commands.advance);
  followPoints(store);
  // Before the address is read, because another run would be followed.
  followLog(store, commands.follow);
  followRefusals(store, commands);
  followAddress(store, commands);
}

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
