// What the drawings of the panels show, as text for screen readers. Loaded with the first step.

import { h, setAttribute, setText } from "../core/dom.js";
import { load } from "../core/loading.js";

const FOCUSED = 2000; // ms between two texts of the panel that has the focus, which are said aloud
const OTHERS = 10000; // ms between two texts of the others, which can be read
// The panels whose text is more than the names of their drawings.
const SENTENCES = { decision_boundary: "mapText", network: "networkText" };

/** Gives each panel a text line that describes its drawings, and keeps it up to date. */
export async function startLiveText({ store }) {
  const texts = await load(() => import("./panel-texts.js"));
  const lines = [...document.querySelectorAll("[data-panel]")].map((section) => addLine(section, texts));
  let timer = 0;
  const update = () => {
    timer = 0;
    const waiting = lines.filter((line) => !line.section.hidden && !updateLine(line, store.get()));
    if (waiting.length) schedule();
  };
  const schedule = () => (timer ||= setTimeout(update, 1000));
  const curves = document.getElementById("panel-curves");
  const hasCurves = curves?.querySelector(".curves-box");
  if (hasCurves) (await load(() => import("../panels/curves/table.js"))).addTable(curves, store);
  store.watch(schedule);
  document.addEventListener("focusin", schedule);
  schedule();
}

function addLine(section, texts) {
  const element = h("p", { class: "visually-hidden", id: `said-${section.id}` });
  section.append(element);
  const sentence = texts[SENTENCES[section.dataset.panel]];
  return { section, element, sentence, saidAt: -Infinity };
}

/** Writes the text if it is time to; returns whether it was. */
function updateLine(line, state) {
  const { section, element, sentence } = line;
  const isShown = (drawing) => drawing.checkVisibility();
  const drawings = [...section.querySelectorAll("[role=img][aria-label]")].filter(isShown);
  if (sentence) for (const drawing of drawings) setAttribute(drawing, "aria-describedby", element.id);
  const hasFocus = section.contains(document.activeElement);
  setAttribute(element, "aria-live", hasFocus ? "polite" : "off");
  const now = performance.now();
  if (now - line.saidAt < (hasFocus ? FOCUSED : OTHERS)) return false;
  line.saidAt = now;
  setText(element, sentence?.(state) ?? drawings.map(({ ariaLabel }) => ariaLabel).join("; "));
  return true;
}
