// The introduction of a first visit: a headline, and notes at the button Train, at a unit and at a line. It does not
// receive clicks, and is removed at the first press. Loaded at a first visit, and by the button in the help.

import { h } from "../core/dom.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { graphLayout } from "../panels/network/geometry.js";

export const INTRODUCED = "perceptarium-introduced"; // the key in the storage of the browser
const QUIET_KEYS = ["Tab", "Shift", "Control", "Alt", "Meta"];
const MIN_PITCH = 90; // CSS pixels between the columns of a network that has room for notes
const GAP = 14; // CSS pixels

/** Shows the introduction until the next press; not on a page that could not open or create a run. */
export function showIntroduction(store) {
  if (store.get().failure) return;
  document.querySelector(".introduction")?.remove();
  const notes = Object.fromEntries(["train", "unit", "line"].map((name) => [name, note(name)]));
  const headline = h("strong", { class: "introduction-headline", text: t("introduction.headline") });
  const element = added(headline, notes);
  const place = () => placeNotes(store.get(), headline, notes);
  const wasTrained = Boolean(store.get().run?.step);
  const stop = store.watch(({ run, failure }, changed) => {
    if (failure) remove();
    else if (!wasTrained && run?.step) end();
    else if (changed.includes("layoutSize") || changed.includes("view:network")) place();
  });
  const listeners = new AbortController();
  const options = { capture: true, signal: listeners.signal };
  const remove = (event) => {
    stop();
    listeners.abort();
    element.remove();
    giveBackRow(store, event);
  };
  const end = (event) => {
    remove(event);
    localStorage.setItem(INTRODUCED, "1");
  };
  document.addEventListener("pointerdown", end, options);
  document.addEventListener("keydown", ({ key }) => QUIET_KEYS.includes(key) || end(), options);
  place();
}

/** Draws the panels again, as after a change of the window: the row of the note changes the height of the network. */
const redraw = () => window.dispatchEvent(new Event("resize"));

/** Ends the row of the note: after a press, so that what is pressed does not move under the pointer. */
function giveBackRow(store, event) {
  const giveBack = () => afterPicture(store, () => {
    if (document.querySelector(".introduction")) return; // the help shows it again
    document.body.classList.remove("introducing");
    redraw();
  });
  if (event?.type !== "pointerdown") return setTimeout(giveBack); // after what the key does
  const press = new AbortController();
  const released = () => {
    press.abort();
    setTimeout(giveBack); // after the click
  };
  for (const type of ["pointerup", "pointercancel"]) {
    document.addEventListener(type, released, { capture: true, signal: press.signal });
  }
}

/**
 * Calls `work` at once or, if the press began the training, when the first picture of it is on the screen: that would
 * have to wait while all panels are drawn in their new size.
 */
function afterPicture(store, work) {
  const isDue = ({ run }, changed) => !isTraining(run) || changed.some((key) => key.startsWith("view:"));
  if (isDue(store.get(), [])) return work();
  const stop = store.watch((state, changed) => {
    if (!isDue(state, changed)) return;
    stop();
    requestAnimationFrame(() => requestAnimationFrame(work));
  });
}

/** Adds the introduction to the page, with a row for the note at the line, and returns it. */
function added(headline, notes) {
  const label = t("introduction.label");
  const element = h("aside", { class: "introduction", "aria-label": label }, headline, Object.values(notes));
  document.body.append(element);
  document.body.classList.add("introducing");
  redraw();
  return element;
}

const note = (name) =>
  h("p", { class: "introduction-note", "data-note": name }, h("span", { text: t(`introduction.note.${name}`) }));

/** Train: below the button, beside the headline; the others in the corners of the network that are free. */
function placeNotes(state, headline, { train, unit, line }) {
  const button = document.getElementById("train").getBoundingClientRect();
  const left = Math.max(headline.getBoundingClientRect().right + GAP, button.left);
  train.style.setProperty("left", `${left}px`);
  const box = document.querySelector(".network-drawing").getBoundingClientRect();
  const layout = graphLayout(state, box.width, box.height);
  const [first, last] = [layout.columns[0], layout.columns.at(-2)];
  const fits = layout.columns.length > 2 && layout.pitch >= MIN_PITCH && last.shown && box.height > 150;
  for (const element of [unit, line]) element.hidden = !fits;
  if (!fits) return;
  const target = layout.unitCentre(layout.columns.length - 2, last.shown - 1);
  const bottom = innerHeight - box.bottom + 4;
  put(unit, { left: box.left + target.x + last.tile / 2 + GAP, right: box.right - 4, bottom });
  const next = layout.columns[1];
  // Below the drawing, in a row kept free above the legend, with a line up to the middle of a weight.
  const place = { left: box.left + 4, right: box.right, bottom };
  put(line, place);
  put(line, { ...place, bottom: bottom - line.getBoundingClientRect().height });
  line.style.setProperty("--reach", `${Math.max(10, box.height - edgeHeight(layout, first, next) - 4)}px`);
  line.style.setProperty("--at", `${(first.x + next.x) / 2 - 4}px`);
}

function put({ style }, { left, right, bottom }) {
  style.setProperty("left", `${left}px`);
  style.setProperty("max-width", `${right - left}px`);
  style.setProperty("bottom", `${bottom}px`);
}

/** The height in the drawing of the middle of the lowest line between the first two columns. */
const edgeHeight = (layout, first, next) =>
  (layout.unitCentre(0, first.shown - 1).y + layout.unitCentre(1, next.shown - 1).y) / 2;
