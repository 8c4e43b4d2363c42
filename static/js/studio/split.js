// The bar between the network and the panels below it: it is dragged, moved by the arrow keys, and put back by a double
// click or Enter. Loaded when the pointer or the focus first reaches it; templates/page.js restores the kept height.

const STORAGE_KEY = "perceptarium-split";
const LEAST = { network: 210, panels: 120 }; // CSS pixels
const KEY_STEP = 24; // CSS pixels

/** Makes the bar move the height of the panels below it, `--split`. */
export function startSplit(bar, store) {
  const root = document.documentElement.style;
  const area = () => bar.parentElement.getBoundingClientRect();
  const height = () => area().bottom - bar.getBoundingClientRect().bottom - gap(bar);
  const changed = () => {
    bar.ariaValueNow = Math.round(100 * height() / area().height);
    store.set({ layoutSize: `${store.get().layoutSize.split("|")[0]}|${height()}` });
  };
  const move = (wanted) => {
    const most = area().height - LEAST.network;
    root.setProperty("--split", `${Math.round(Math.max(LEAST.panels, Math.min(most, wanted)))}px`);
    changed();
  };
  const keep = () => localStorage.setItem(STORAGE_KEY, root.getPropertyValue("--split"));
  const reset = () => {
    root.removeProperty("--split");
    localStorage.removeItem(STORAGE_KEY);
    changed();
  };
  const [up, down] = [KEY_STEP, -KEY_STEP].map((step) => () => height() + step);
  const moves = { ArrowUp: up, ArrowDown: down, Home: () => 0, End: () => Infinity };
  bar.addEventListener("keydown", (event) => onKey(event, moves, reset, (wanted) => {
    move(wanted);
    keep();
  }));
  bar.addEventListener("dblclick", reset);
  bar.addEventListener("pointerdown", (event) => drag(bar, event, height(), move, keep));
  changed();
}

function onKey(event, moves, reset, move) {
  if (event.key !== "Enter" && !moves[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Enter") reset();
  else move(moves[event.key]());
}

/** The space below the last panel. */
const gap = (bar) => parseFloat(getComputedStyle(bar.parentElement).paddingBottom);

/** Follows the pointer until it is released. */
function drag(bar, { pointerId, clientY, button }, before, move, keep) {
  if (button) return;
  bar.setPointerCapture(pointerId);
  const follow = (event) => move(before + clientY - event.clientY);
  bar.addEventListener("pointermove", follow);
  bar.addEventListener("lostpointercapture", () => {
    bar.removeEventListener("pointermove", follow);
    if (document.documentElement.style.getPropertyValue("--split")) keep();
  }, { once: true });
}
