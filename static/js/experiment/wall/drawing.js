// Draws the newest pictures of the cards that are on the screen, a few in each frame of the browser.

const DURATION = 8; // ms of drawing in a frame: enough for the pictures of a message, as each frame costs as much again
const AHEAD = "200px"; // around the screen, so that a card is drawn before it is scrolled to

/**
 * `draw(run)` draws the picture of a card; `onVisible()` is called when other cards are on the screen. Returns
 * - `visible`: the set of the runs whose cards are on the screen, or near it;
 * - `observe(run, element)`: says which element is the card of a run;
 * - `add(run)`: the picture of the run has changed; it is drawn once its card is on the screen;
 * - `destroy()`.
 */
export function createDrawing(draw, onVisible) {
  const held = { draw, onVisible, changed: new Set(), visible: new Set(), runs: new Map(), request: 0 };
  const observer = new IntersectionObserver((entries) => followCards(held, entries), { rootMargin: AHEAD });
  return {
    visible: held.visible,
    observe(run, element) {
      held.runs.set(element, run);
      observer.observe(element);
    },
    add(run) {
      held.changed.add(run); // at the end, unless it waits already: each has its turn
      plan(held);
    },
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(held.request);
    },
  };
}

function followCards(held, entries) {
  for (const { target, isIntersecting } of entries) {
    held.visible[isIntersecting ? "add" : "delete"](held.runs.get(target));
  }
  held.onVisible();
  plan(held);
}

const dueOf = ({ changed, visible }) => [...changed].filter((run) => visible.has(run));

function plan(held) {
  if (!held.request && dueOf(held).length) held.request = requestAnimationFrame(() => work(held));
}

/** At least one picture, and as many as DURATION allows. */
function work(held) {
  held.request = 0;
  const end = performance.now() + DURATION;
  for (const run of dueOf(held)) {
    held.changed.delete(run);
    held.draw(run);
    if (performance.now() >= end) break;
  }
  plan(held);
}
