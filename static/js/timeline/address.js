// `?step=` in the address: opens the page paused at a step, and follows the shown one.

import { integer } from "../core/formats.js";
import { t } from "../core/text.js";

const DELAY = 300; // ms

/** Shows the step in the address if the run has it, and keeps the address equal to the shown step. */
export function followAddress(store, { seek }) {
  let timer = 0;
  const write = () => {
    timer = 0;
    const address = new URL(location.href);
    const { shown } = store.get();
    if (shown) address.searchParams.set("step", shown.step);
    else address.searchParams.delete("step");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  open(store, seek);
  store.watch((_, changed) => {
    if (changed.includes("shown")) timer ||= setTimeout(write, DELAY);
  });
  write();
}

function open(store, seek) {
  const step = new URLSearchParams(location.search).get("step");
  const { run } = store.get();
  const isOpened = document.body.dataset.runId || window.reopenedRun;
  if (step === null || !isOpened) return; // a new run begins at step 0
  if (/^\d+$/.test(step) && Number(step) <= run.step) return seek(Number(step));
  const text = t("timeline.no_such_step", { step, newest: integer(run.step) });
  store.set({ notice: { text, kind: "error", at: performance.now() } });
}
