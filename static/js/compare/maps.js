// The output of every run at the same step, side by side: a slider moves all of them together.

import { h, setAttribute, setText } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { createPicture } from "../gallery/picture.js";
import { badge } from "./colours.js";
import { aboutRun } from "./names.js";
import { addSection } from "./section.js";

const INTERVAL = 250; // ms between two pictures of a run that trains

export function mountMaps(comparison) {
  const table = () => comparison.runs.map((entry) => ({
    run: entry.id, letter: entry.letter, title: entry.title, step: shownStep(entry, comparison.step),
  }));
  const { body } = addSection("maps", t("compare.maps.title"), {
    table, image: true, line: t("compare.maps.line"),
  });
  const [control, grid] = [createControl(comparison), h("ul", { class: "compare-maps" })];
  const cells = new Map();
  body.append(control.element, grid);
  const show = () => {
    control.show();
    const { runs } = comparison;
    for (const entry of runs) if (!cells.has(entry.id)) cells.set(entry.id, createCell(entry, comparison));
    for (const [id, cell] of cells) if (!runs.some((entry) => entry.id === id)) remove(cells, id, cell);
    runs.forEach((entry, i) => {
      const { element, draw } = cells.get(entry.id);
      if (grid.children[i] !== element) grid.insertBefore(element, grid.children[i] ?? null);
      draw(entry, shownStep(entry, comparison.step));
    });
  };
  comparison.subscribe(show);
  show();
}

function remove(cells, id, cell) {
  cell.element.remove();
  cells.delete(id);
}

/** A run that has not come so far, or began later, shows its last or first step. */
const shownStep = ({ run }, step) => Math.min(run.step, Math.max(run.parent?.step ?? 0, step));

/** The slider of the step, and the switch that follows the training. */
function createControl(comparison) {
  const slider = h("input", {
    type: "range", class: "slider", step: 1, "aria-label": t("compare.maps.step"),
    on: { input: () => comparison.show(Number(slider.value)) },
  });
  const text = h("output", { class: "compare-step" });
  const follow = h("input", {
    type: "checkbox", class: "switch", on: { change: () => comparison.show(follow.checked ? null : comparison.step) },
  });
  const element = h("div", { class: "compare-time" },
    slider, text, h("label", { class: "compare-follow" }, follow, t("compare.maps.follow")));
  const show = () => {
    const { firstStep, lastStep, step, follows } = comparison;
    setAttribute(slider, "min", firstStep);
    setAttribute(slider, "max", lastStep);
    if (Number(slider.value) !== step) slider.value = step;
    slider.style.setProperty("--part", `${(100 * (step - firstStep)) / (lastStep - firstStep || 1)}%`);
    const label = t("compare.maps.of", { step: integer(step), last: integer(lastStep) });
    setText(text, label);
    setAttribute(slider, "aria-valuetext", label);
    follow.checked = follows;
  };
  return { element, show };
}

/** The picture of one run with its names; `draw(entry, step)` shows another step. */
function createCell(entry, comparison) {
  const picture = createPicture(comparison.catalogue);
  const title = h("span", { class: "compare-name", text: entry.title, title: entry.title });
  const [about, status] = [h("p", { class: "run-line" }), h("p", { class: "run-line" })];
  const caption = h("p", { class: "compare-caption" }, badge(entry), title);
  const element = h("li", { class: "compare-map" }, picture.canvas, caption, about, status);
  const request = newestOnly(async ({ run, step }) => {
    await picture.draw(run, step === run.step && !isTraining(run) ? undefined : step);
    setText(status, t("compare.maps.shown", { step: integer(step), status: t(`gallery.status.${run.status}`) }));
    const label = t("compare.maps.picture", { letter: entry.letter, run: entry.title, step: integer(step) });
    setAttribute(picture.canvas, "aria-label", label);
    setAttribute(picture.canvas, "data-step", step);
    if (isTraining(run)) await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  });
  const draw = (now, step) => {
    setText(about, aboutRun(comparison, now));
    request({ run: now.run, step });
  };
  return { element, draw };
}

/** A function that does the work for what it was last called with; of calls meanwhile only the newest counts. */
function newestOnly(work) {
  let [wanted, done, isBusy] = [null, null, false];
  return async (request) => {
    wanted = request;
    if (isBusy) return;
    isBusy = true;
    while (keyOf(wanted) !== done) {
      done = keyOf(wanted);
      await work(wanted);
    }
    isBusy = false;
  };
}

const keyOf = ({ run: { attempt, status, config }, step }) => [attempt, step, status, JSON.stringify(config)].join();
